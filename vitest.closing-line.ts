import type { Reporter, SerializedError, TestModule } from 'vitest/node';

interface Tally {
  passed: number;
  failed: number;
}

const failedWithoutATest = (module: TestModule, failedTests: number): boolean =>
  module.state() === 'failed' && failedTests === 0;

const tallyOf = (modules: readonly TestModule[], errors: readonly SerializedError[]): Tally => {
  const tally: Tally = { passed: 0, failed: errors.length };
  for (const module of modules) {
    const states = [...module.children.allTests()].map((test) => test.result().state);
    const failed = states.filter((state) => state === 'failed').length;
    tally.passed += states.filter((state) => state === 'passed').length;
    tally.failed += failedWithoutATest(module, failed) ? 1 : failed;
  }
  return tally;
};

/** Ends every run with a line a program can read, `N passed, N failed`, red or green. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const { passed, failed } = tallyOf(modules, errors);
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}

#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' };

/** Answers `--version` before anything is loaded: half of a shell's prompts ask for it. */
const asksForVersion = ([word = '', ...words]: readonly string[]): boolean =>
  words.length === 0 && ['--version', '-V', '-v'].includes(word);

async function main(argv: readonly string[]): Promise<void> {
  if (asksForVersion(argv)) {
    process.stdout.write(`xeroctl ${packageJson.version}\n`);
    return;
  }
  const [{ run }, { processIo }] = await Promise.all([import('./run.ts'), import('./process-io.ts')]);
  process.exitCode = await run(argv, processIo());
}

await main(process.argv.slice(2));

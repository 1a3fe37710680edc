import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isSource, repositoryTree } from './tree.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const CONFIG = 'tools/tidy/function-sizes.oxlintrc.json';
const FILE_LINES_MAX = 300;

/** The linter, told that no function may have a line, counts the lines of each. */
function functionLines(): readonly number[] {
  const words = ['-c', CONFIG, '-f', 'json', '--ignore-pattern', '**/*.test.ts', 'apps', 'packages', 'tools'];
  const { stdout } = spawnSync('oxlint', words, {
    cwd: REPOSITORY,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return [...stdout.matchAll(/has too many lines \((\d+)\)/g)].map(([, lines]) => Number(lines));
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** The sizes that the house aims at, as they are now. */
function report(): string {
  const tree = repositoryTree();
  const files = tree.paths
    .filter((path) => isSource(path))
    .map((path) => tree.read(path).split('\n').length - 1);
  const tests = tree.paths.filter((path) => path.endsWith('.test.ts'));
  const functions = functionLines();
  const long = functions.filter((lines) => lines > 1);
  return [
    `sources    ${files.length} files, ${files.reduce((sum, lines) => sum + lines, 0)} lines`,
    `file       median ${median(files)}, longest ${Math.max(0, ...files)}, over ${FILE_LINES_MAX}: ${files.filter((lines) => lines > FILE_LINES_MAX).length}`,
    `function   median ${median(functions)} of ${functions.length}, ${median(long)} of the ${long.length} with more than one line, longest ${Math.max(0, ...functions)}`,
    `tests      ${tests.length} files, ${tests.reduce((sum, path) => sum + tree.read(path).split('\n').length - 1, 0)} lines`,
  ].join('\n');
}

process.stdout.write(`${report()}\n`);

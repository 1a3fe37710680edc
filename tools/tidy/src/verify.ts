import { spawnSync } from 'node:child_process';

/** What `pnpm verify` runs, in order; the first that fails ends it. Needs no database and no network. */
const steps: readonly (readonly string[])[] = [
  ['oxfmt', '--check', '.'],
  ['oxlint', '--type-aware', '--deny-warnings'],
  ['turbo', 'boundaries'],
  ['tsc'],
  ['sherif'],
  ['node', 'tools/tidy/src/main.ts'],
  ['node', 'tools/docgen/src/main.ts', '--check'],
];

for (const [program = '', ...args] of steps) {
  process.stdout.write(`verify: ${[program, ...args].join(' ')}\n`);
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
process.stdout.write('verify: all is well\n');

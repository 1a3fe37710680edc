import { spawnSync } from 'node:child_process';

const REDOCLY = 'tools/docgen/node_modules/.bin/redocly';
const SPECTRAL = 'tools/docgen/node_modules/.bin/spectral';
const OPENAPI = 'docs/reference/openapi.json';

/** What `pnpm verify` runs, in order; the first that fails ends it. Needs no database and no network. */
const steps: readonly (readonly string[])[] = [
  ['oxfmt', '--check', '.'],
  ['oxlint', '--type-aware', '--deny-warnings'],
  ['turbo', 'boundaries'],
  ['tsc'],
  ['knip'],
  ['sherif'],
  ['node', 'tools/tidy/src/main.ts'],
  ['node', 'tools/docgen/src/main.ts', '--check'],
  [REDOCLY, 'lint', '--config', 'tools/docgen/redocly.yaml', OPENAPI],
  [SPECTRAL, 'lint', '--ruleset', 'tools/docgen/spectral.yaml', '--fail-severity', 'hint', OPENAPI],
];

/** Linters that would like to call home stay silent. */
const env = {
  ...process.env,
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  TURBO_TELEMETRY_DISABLED: '1',
};

for (const [program = '', ...args] of steps) {
  process.stdout.write(`verify: ${[program, ...args].join(' ')}\n`);
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', env });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
process.stdout.write('verify: all is well\n');

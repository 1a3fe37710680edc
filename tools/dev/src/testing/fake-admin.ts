import { mkdirSync } from 'node:fs';

/** Stands in for the router's `admin.ts seed-dev --data-dir DIR`. */
const [, , verb = '', , dataDir = ''] = process.argv;
if (verb !== 'seed-dev' || process.env['FAKE_ADMIN'] === 'fails') {
  process.stderr.write('the fake admin fails\n');
  process.exit(1);
}
mkdirSync(dataDir, { recursive: true });
const names = ['operator', 'approver', 'service', 'inference', 'other_project'];
const keys = Object.fromEntries(names.map((name) => [name, `xero_dev_${name}_${process.pid}`]));
const seed = { project_id: 'prj_1', workspace_id: 'ws_00000001', other_project_id: 'prj_2', keys };
process.stdout.write(JSON.stringify(seed));

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryPlace } from './testing/fake-mesh.ts';

const XEROCTL = fileURLToPath(new URL('xeroctl.ts', import.meta.url));

const run = (dir: string, ...words: readonly string[]) =>
  spawnSync(process.execPath, [XEROCTL, ...words], {
    encoding: 'utf8',
    env: { ...process.env, XEM_DEV_DIR: dir, XEROTIER_BASE_URL: '', XEROTIER_API_KEY: '' },
  });

test('xeroctl without a mesh says so and how to start one, and prints nothing else', () => {
  using place = temporaryPlace();
  const { status, stdout, stderr } = run(place.dir, 'exec', 'list');
  expect(status).toBe(75);
  expect(stdout).toBe('');
  expect(stderr).toContain(place.dir);
  expect(stderr).toContain('npx -y pnpm@12 dev');
});

test('xeroctl does not trust the dev.json of a mesh that was killed', () => {
  using place = temporaryPlace();
  const keys = { operator: 'k', approver: 'k', service: 'k', inference: 'k', other_project: 'k' };
  const gone = 2 ** 22 + 1;
  const mesh = {
    router_url: 'http://127.0.0.1:1',
    mcp_url: 'http://127.0.0.1:2/mcp',
    console_url: 'http://127.0.0.1:1/ops',
    data_endpoint: 'tcp://127.0.0.1:3',
    enroll_endpoint: 'tcp://127.0.0.1:4',
    project_id: 'prj_1',
    workspace_id: 'ws_00000001',
    agent_ids: ['agt_1'],
    effect_log: place.effectLog,
    keys,
    pids: { router: gone, agents: [gone], mcp: gone },
  };
  writeFileSync(place.meshFile, JSON.stringify(mesh));
  expect(run(place.dir, 'exec', 'list').stderr).toContain('no mesh is running');
});

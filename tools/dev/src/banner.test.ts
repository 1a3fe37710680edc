import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { banner } from './banner.ts';
import type { MeshFile } from './mesh-file.ts';
import { placeOf, REPOSITORY } from './place.ts';

const MESH: MeshFile = {
  router_url: 'http://127.0.0.1:8787',
  mcp_url: 'http://127.0.0.1:8788/mcp',
  console_url: 'http://127.0.0.1:8787/ops',
  data_endpoint: 'tcp://127.0.0.1:1',
  enroll_endpoint: 'tcp://127.0.0.1:2',
  project_id: 'prj_000000000000000000000000',
  workspace_id: 'ws_000000000000000000000000',
  agent_ids: [],
  effect_log: '/effects.jsonl',
  keys: { operator: 'o', approver: 'a', service: 's', inference: 'i', other_project: 'p' },
  pids: { router: 1, agents: [1], mcp: 1 },
};

const commandsOf = (dir: string): readonly string[] =>
  banner(placeOf(dir), MESH, 1000)
    .split('\n')
    .filter((line) => line.includes(' xeroctl '))
    .map((line) => line.trim());

test('banner offers commands that print what they answer and nothing of the package manager', () => {
  const commands = commandsOf(join(REPOSITORY, '.xem'));
  expect(commands).toHaveLength(3);
  for (const command of commands) expect(command).toMatch(/^npx -y pnpm@12 --silent xeroctl /);
});

test.each(['/srv/mesh', '/srv/my mesh', "/srv/it's $HOME", '/srv/a;b'])(
  'banner names the folder %s so that a shell takes it as it is',
  (dir) => {
    for (const command of commandsOf(dir)) {
      const assignment = command.slice(0, command.indexOf(' npx '));
      const script = `${assignment} sh -c 'printf %s "$XEM_DEV_DIR"'`;
      expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(dir);
    }
  },
);

import { EXECUTION_ID, executionSample, json, pageSample, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl, type World } from '../testing/terminal.ts';

async function proposals(line: string, world: World = {}): Promise<readonly string[]> {
  const { stdout, stderr, exit } = await xeroctl(['complete', '--', ...line.split(' ')], world);
  expect({ stderr, exit }).toEqual({ stderr: '', exit: 0 });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.at(-1)).toBe(':4');
  return lines.slice(0, -1).map((text) => text.split('\t')[0] ?? '');
}

test.each([
  ['', ['exec', 'approvals', 'agents']],
  ['ex', ['exec']],
  ['exec ', ['tools', 'invoke', 'watch']],
  ['exec in', ['invoke', 'invocations']],
  ['agents ', ['list', 'join-keys']],
  ['agents jo', ['join-keys']],
  ['exec list --sta', ['--status']],
  ['exec list --status f', ['failed']],
  ['exec list --output ', ['json', 'yaml']],
])('a shell completes %j', async (line, some) => {
  expect(await proposals(line)).toEqual(expect.arrayContaining(some));
});

test('a shell completes names of tools and ids', async () => {
  await using server = await startServer({
    'GET /v1/exec/tools': (_, response) =>
      json(response, pageSample([{ name: 'kubectl_get' }, { name: 'demo_echo' }])),
    'GET /v1/exec/executions': (_, response) => json(response, pageSample([executionSample()])),
  });
  expect(await proposals('exec tool-show kube', server)).toEqual(['kubectl_get']);
  expect(await proposals('exec invoke --tool demo', server)).toEqual(['demo_echo']);
  expect(await proposals('exec raw 0193', server)).toEqual([EXECUTION_ID]);
});

test('a shell that completes is told nothing of a router that is not there', async () => {
  expect(await proposals('exec tool-show kube')).toEqual([]);
});

import { Maintenance, Workspace } from '@xem/protocol';
import { systemClock, toTimestamp } from '@xem/runtime';
import { expect } from 'vitest';
import { call, errorOf, type Answer } from '../mesh/api.ts';
import { doorIn } from '../mesh/door.ts';
import { ask, reach, settled } from '../mesh/invoke.ts';
import { until, type Mesh } from '../mesh/mesh.ts';
import { useMeshes } from '../mesh/use-meshes.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const PATH = '/v1/management/maintenance';
const clock = systemClock();

const { start, folder } = useMeshes();

const announce = async (mesh: Mesh, body: object): Promise<Maintenance> => {
  const asked = { title: 'Kernel upgrade', severity: 'critical', ...body };
  const answer = await call(mesh, { method: 'POST', path: PATH, body: asked });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return Maintenance.parse(answer.body);
};

const statusOf = async (mesh: Mesh, { id }: Maintenance): Promise<string> =>
  Maintenance.parse((await call(mesh, { path: `${PATH}/${id}` })).body).status;

const invoke = ({ facts }: Mesh): Parameters<typeof call>[1] => ({
  method: 'POST',
  path: '/v1/exec/invocations',
  as: 'service',
  body: { workspace_id: facts.workspace_id, tool: 'demo_echo', args: {} },
});

const step = (mesh: Mesh, { id }: Maintenance, what: string): Promise<Answer> =>
  call(mesh, { method: 'POST', path: `${PATH}/${id}/${what}`, body: {} });

proves('maintenance.keeps-out', 'a call that runs, one that is new, one after the end', async () => {
  const mesh = await start(await folder());
  const door = doorIn(mesh, 'before');
  const running = await ask(mesh, { tool: 'door_read', args: door.args });
  await reach(mesh, running.id, ['running']);
  const ends = toTimestamp(clock.now() + 120_000);
  const window = await announce(mesh, { starts_at: toTimestamp(clock.now() + 60_000), ends_at: ends });
  expect((await call(mesh, invoke(mesh))).status).toBe(201);
  expect((await step(mesh, window, 'start')).status).toBe(200);

  const refused = await call(mesh, invoke(mesh));
  expect([refused.status, errorOf(refused).code]).toEqual([503, 'unavailable']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(100);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(120);
  const shown = await call(mesh, { path: `/v1/workspaces/${mesh.facts.workspace_id}`, as: 'service' });
  expect(Workspace.parse(shown.body).maintenance).toMatchObject([{ id: window.id, severity: 'critical' }]);
  door.open();
  expect(await settled(mesh, running.id)).toMatchObject({ status: 'completed' });

  const completed = await xeroctl(mesh, ['maintenance', 'complete', window.id, '-o', 'json']);
  expect(JSON.parse(completed.stdout.toString())).toMatchObject({ status: 'completed', actions: [] });
  expect((await call(mesh, invoke(mesh))).status).toBe(201);
  const late = await step(mesh, window, 'cancel');
  expect([late.status, errorOf(late)]).toMatchObject([400, { code: 'already_terminal', param: null }]);
  const early = await step(mesh, await announce(mesh, { starts_at: ends }), 'complete');
  expect([early.status, errorOf(early)]).toMatchObject([409, { code: 'invalid_state', param: null }]);
});

proves('maintenance.by-itself', 'while it runs, and over a stop', async () => {
  const mesh = await start(await folder());
  const window = await announce(mesh, { starts_at: toTimestamp(clock.now() + 500) });
  await until('the start of the window', async () => (await statusOf(mesh, window)) === 'in_progress');
  expect((await call(mesh, invoke(mesh))).status).toBe(503);
  let ends = { ends_at: '' };
  await until('an end that is still to come when it arrives', async () => {
    ends = { ends_at: toTimestamp(clock.now() + 300) };
    const answer = await call(mesh, { method: 'PATCH', path: `${PATH}/${window.id}`, body: ends });
    return answer.status === 200;
  });
  await mesh.stop();
  await until('the end of the window', () => clock.now() > Date.parse(ends.ends_at));
  const again = await start(mesh.dir);
  await until('its completion', async () => (await statusOf(again, window)) === 'completed');
  expect((await call(again, invoke(again))).status).toBe(201);
});

import { JournalVerification } from '@xem/protocol';
import { expect } from 'vitest';
import { call } from '../mesh/api.ts';
import { doorIn } from '../mesh/door.ts';
import { effectsOf } from '../mesh/effects.ts';
import { ask, decide, reach, read, settled } from '../mesh/invoke.ts';
import { isAlive, pidsOf, until, type Mesh } from '../mesh/mesh.ts';
import { useMeshes } from '../mesh/use-meshes.ts';
import { proves } from '../proves.ts';

const { start, folder } = useMeshes();

/** Kills a process of the mesh outright; the supervisor then ends the rest, and the mesh starts again in its folder. */
async function killAndRestart(mesh: Mesh, pid: number): Promise<Mesh> {
  process.kill(pid, 'SIGKILL');
  await until('the end of the mesh', () => pidsOf(mesh.facts).every((other) => !isAlive(other)));
  await until(
    'the end of the supervisor',
    () => mesh.supervisor.exitCode !== null || mesh.supervisor.signalCode !== null,
  );
  return start(mesh.dir);
}

async function verified(mesh: Mesh): Promise<boolean> {
  const answer = await call(mesh, { path: '/v1/exec/journal/verify' });
  return JournalVerification.parse(answer.body).ok;
}

proves('crash.router', 'with calls running, waiting for a human, and asked for a moment ago', async () => {
  const before = await start(await folder());
  const waiting = await ask(before, { tool: 'demo_effect', args: { step: 1 } });
  const door = doorIn(before, 'router');
  const running = await ask(before, { tool: 'door_read', args: door.args });
  await reach(before, running.id, ['running']);
  const burst = await Promise.all(
    Array.from({ length: 30 }, () => ask(before, { tool: 'demo_echo', args: { n: 1 } })),
  );
  const after = await killAndRestart(before, before.facts.pids.router);
  door.open();
  expect(await read(after, waiting.id)).toMatchObject({ status: 'pending_approval' });
  await decide(after, waiting.approval?.id ?? '', { verb: 'approve' });
  expect(await settled(after, waiting.id)).toMatchObject({ status: 'completed' });
  expect(effectsOf(after, waiting.id)).toHaveLength(1);
  for (const { id } of [running, ...burst])
    expect(['completed', 'failed']).toContain((await settled(after, id)).status);
  expect(await verified(after)).toBe(true);
});

proves(
  'crash.router',
  'at the moment of an approval the effect happens once or is waited for again',
  async () => {
    const before = await start(await folder());
    const asked = await Promise.all(Array.from({ length: 10 }, () => ask(before, { tool: 'demo_effect' })));
    const decisions = asked.map(({ approval }) =>
      decide(before, approval?.id ?? '', { verb: 'approve' }).catch(() => null),
    );
    await decisions[3];
    const after = await killAndRestart(before, before.facts.pids.router);
    await Promise.all(decisions);
    for (const { id, approval } of asked) {
      const seen = await read(after, id);
      if (seen.status === 'pending_approval') await decide(after, approval?.id ?? '', { verb: 'approve' });
      const ended = await settled(after, id);
      expect(effectsOf(after, id).length).toBeLessThanOrEqual(1);
      if (ended.status === 'completed') expect(effectsOf(after, id)).toHaveLength(1);
    }
    expect(await verified(after)).toBe(true);
  },
);

proves('crash.agent', 'a call that was running has one end, and new work is taken', async () => {
  const before = await start(await folder());
  const door = doorIn(before, 'agent');
  const running = await ask(before, { tool: 'door_read', args: door.args });
  const gated = await ask(before, { tool: 'demo_effect' });
  await reach(before, running.id, ['running']);
  await decide(before, gated.approval?.id ?? '', { verb: 'approve' });
  const after = await killAndRestart(before, before.facts.pids.agents[0] ?? 0);
  door.open();
  expect(['completed', 'failed']).toContain((await settled(after, running.id)).status);
  await settled(after, gated.id);
  expect(effectsOf(after, gated.id).length).toBeLessThanOrEqual(1);
  const fresh = await ask(after, { tool: 'demo_noop', headers: { prefer: 'wait=10' } });
  expect(fresh.status).toBe('completed');
});

proves('crash.idempotent', 'before and after the crash, two at once, and with another body', async () => {
  const before = await start(await folder());
  const headers = { 'idempotency-key': 'once-and-only-once' };
  const asking = { tool: 'demo_effect', args: { n: 1 }, headers };
  const [first, second] = await Promise.all([ask(before, asking), ask(before, asking)]);
  expect(second.id).toBe(first.id);
  const after = await killAndRestart(before, before.facts.pids.router);
  expect((await ask(after, asking)).id).toBe(first.id);
  const body = { workspace_id: after.facts.workspace_id, tool: 'demo_effect', args: { n: 2 } };
  const other = await call(after, {
    method: 'POST',
    path: '/v1/exec/invocations',
    as: 'service',
    body,
    headers,
  });
  expect(other).toMatchObject({ status: 409, body: { error: { code: 'exec_idempotency_conflict' } } });
});

proves('crash.journal', 'three crashes of the router in a row', async () => {
  let mesh = await start(await folder());
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(Array.from({ length: 10 }, () => ask(mesh, { tool: 'demo_noop' })));
    mesh = await killAndRestart(mesh, mesh.facts.pids.router);
  }
  expect(await verified(mesh)).toBe(true);
});

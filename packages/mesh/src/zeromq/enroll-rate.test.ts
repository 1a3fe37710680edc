import { systemClock, systemIds } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { enrollOnce } from '../agent/enroll-once.ts';
import { MeshUnreachable } from '../agent/unreachable.ts';
import { agentIdentity } from '../testing/agent-identity.ts';
import { openRecordedRouter } from '../testing/recorded-router.ts';
import { sampleFrame } from '../testing/sample-frames.ts';

const clock = systemClock();
const ids = systemIds(clock);
const { host, agent_version } = sampleFrame('enroll').body;

async function openRouter(limits: { enrollPerSecond: number; enrollBurst: number }) {
  const router = await openRecordedRouter({ clock, ids, agents: [], limits });
  onTestFinished(() => router.mesh.stop());
  return router;
}

/** Asks from an address of this machine; true when there was an answer. */
async function isAnswered(endpoint: string, name: string, timeoutMs = 1500): Promise<boolean> {
  const request = { join_key: 'xjk_a.b.c', registration_name: name, agent_version, host, manifest: null };
  const routerCurveKey = agentIdentity('router').curve.publicKey;
  const asking = { ...agentIdentity(name), endpoint, routerCurveKey, request, timeoutMs, clock };
  try {
    await enrollOnce(asking);
    return true;
  } catch (err) {
    if (err instanceof MeshUnreachable) return false;
    throw err;
  }
}

const five = (endpoint: string, timeoutMs?: number) =>
  Promise.all([1, 2, 3, 4, 5].map((at) => isAnswered(endpoint, `host-${at}`, timeoutMs)));

test('enrollment answers a source no more often than its rate, and another source all the same', async () => {
  const { mesh, record } = await openRouter({ enrollPerSecond: 0, enrollBurst: 3 });
  const { enrollEndpoint } = mesh;
  expect((await five(enrollEndpoint)).filter(Boolean)).toHaveLength(3);
  expect(record.enrolls).toHaveLength(3);
  const elsewhere = enrollEndpoint.replace('tcp://', 'tcp://127.0.0.2:0;');
  expect(await isAnswered(elsewhere, 'host-6')).toBe(true);
  expect(record.enrolls.at(-1)).toMatchObject({ sourceAddress: '127.0.0.2' });
});

test('enrollment answers a source that was too fast once it has waited, without being asked differently', async () => {
  const { mesh } = await openRouter({ enrollPerSecond: 4, enrollBurst: 2 });
  expect(await five(mesh.enrollEndpoint, 10_000)).toEqual([true, true, true, true, true]);
});

import { Approval, type Invocation } from '@xem/protocol';
import { expect } from 'vitest';
import { call, codeOf, errorOf } from '../mesh/api.ts';
import { effectsOf } from '../mesh/effects.ts';
import { approvalOf, ask, decide, read, settled } from '../mesh/invoke.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const effect = (args: Record<string, unknown> = {}) => ask(mesh(), { tool: 'demo_effect', args });
const idOf = ({ approval }: Invocation): string => approval?.id ?? '';

proves(
  'gate.waits',
  'the call is pending, its approval is eligible to a human and not to the asker',
  async () => {
    const asked = await effect({ cluster: 'blue' });
    expect(asked).toMatchObject({ status: 'pending_approval', attempt: 0, execution_id: null });
    expect(asked.actions.toSorted()).toEqual(['approve', 'cancel', 'reject']);
    expect(await approvalOf(mesh(), asked)).toMatchObject({
      status: 'pending',
      eligible: true,
      args: { cluster: 'blue' },
    });
    expect(await approvalOf(mesh(), asked, 'service')).toMatchObject({ eligible: false });
    expect(effectsOf(mesh(), asked.id)).toEqual([]);
  },
);

proves('gate.once', 'the effect log has one line, with exactly the approved arguments', async () => {
  const asked = await effect({ cluster: 'blue', nodes: [1, 2] });
  const decided = await decide(mesh(), idOf(asked), { verb: 'approve', body: { note: 'go on' } });
  expect(decided.status).toBe(200);
  expect(Approval.parse(decided.body)).toMatchObject({ status: 'approved', decision_note: 'go on' });
  expect(await settled(mesh(), asked.id)).toMatchObject({ status: 'completed', attempt: 1, error: null });
  expect(effectsOf(mesh(), asked.id)).toEqual([
    { invocation_id: asked.id, attempt: 1, args: { cluster: 'blue', nodes: [1, 2] } },
  ]);
});

proves(
  'gate.rejected',
  'the invocation is rejected with the reason, and the effect log stays empty',
  async () => {
    const asked = await effect();
    const decided = await decide(mesh(), idOf(asked), {
      verb: 'reject',
      body: { reason: 'not on a Friday' },
    });
    expect(Approval.parse(decided.body)).toMatchObject({
      status: 'rejected',
      decision_note: 'not on a Friday',
    });
    const ended = await settled(mesh(), asked.id);
    expect(ended).toMatchObject({ status: 'rejected', error: { code: 'approval_rejected' } });
    expect(ended.error?.message).toContain('not on a Friday');
    expect(effectsOf(mesh(), asked.id)).toEqual([]);
  },
);

proves(
  'gate.second-decision',
  'approve after approve, reject after approve, approve after cancel',
  async () => {
    const approved = await effect();
    await decide(mesh(), idOf(approved), { verb: 'approve' });
    for (const verb of ['approve', 'reject'] as const) {
      const late = await decide(mesh(), idOf(approved), { verb, as: 'operator' });
      expect([late.status, codeOf(late)]).toEqual([409, 'approval_not_pending']);
    }
    const cancelled = await effect();
    await call(mesh(), { method: 'POST', path: `/v1/exec/invocations/${cancelled.id}/cancel`, body: {} });
    expect(codeOf(await decide(mesh(), idOf(cancelled), { verb: 'approve' }))).toBe('approval_not_pending');
    await settled(mesh(), approved.id);
    expect(effectsOf(mesh(), approved.id)).toHaveLength(1);
    expect(effectsOf(mesh(), cancelled.id)).toEqual([]);
  },
);

proves('gate.no-service', 'approve and reject answer 403 and leave the approval pending', async () => {
  const asked = await effect();
  for (const verb of ['approve', 'reject'] as const) {
    const refused = await decide(mesh(), idOf(asked), { verb, as: 'service' });
    expect([refused.status, codeOf(refused)]).toEqual([403, 'approver_not_eligible']);
  }
  expect(await read(mesh(), asked.id)).toMatchObject({ status: 'pending_approval' });
  expect(effectsOf(mesh(), asked.id)).toEqual([]);
});

proves('gate.confirm', 'without the name, with a wrong one, and with the right one', async () => {
  const asked = await ask(mesh(), { tool: 'demo_wipe' });
  for (const body of [{}, { confirm: 'demo_effect' }]) {
    const refused = await decide(mesh(), idOf(asked), { verb: 'approve', body });
    expect(errorOf(refused)).toMatchObject({ code: 'confirmation_required', param: '/confirm' });
  }
  expect(effectsOf(mesh(), asked.id)).toEqual([]);
  await decide(mesh(), idOf(asked), { verb: 'approve', body: { confirm: 'demo_wipe' } });
  expect(await settled(mesh(), asked.id)).toMatchObject({ status: 'completed' });
  expect(effectsOf(mesh(), asked.id)).toHaveLength(1);
});

proves('gate.shown-call', 'a hash that differs settles the approval as withdrawn', async () => {
  const asked = await effect();
  const refused = await decide(mesh(), idOf(asked), {
    verb: 'approve',
    body: { call_sha256: '0'.repeat(64) },
  });
  expect([refused.status, codeOf(refused)]).toEqual([409, 'approval_stale']);
  expect(await approvalOf(mesh(), asked)).toMatchObject({ status: 'withdrawn' });
  expect(await read(mesh(), asked.id)).toMatchObject({
    status: 'rejected',
    error: { code: 'approval_stale' },
  });
  expect(effectsOf(mesh(), asked.id)).toEqual([]);
});

const RACES = 25;

/** Decides an approval while a rival does something else about it; answers both statuses. */
async function race(asked: Invocation, rival: 'approve' | 'reject' | 'cancel'): Promise<readonly number[]> {
  const path = `/v1/exec/invocations/${asked.id}/cancel`;
  const other =
    rival === 'cancel'
      ? call(mesh(), { method: 'POST', path, body: {} })
      : decide(mesh(), idOf(asked), { verb: rival, as: 'operator' });
  const answers = await Promise.all([decide(mesh(), idOf(asked), { verb: 'approve' }), other]);
  return answers.map(({ status }) => status);
}

/** What the log must hold of a call, by how it ended. A cancelled one may have been stopped in the middle. */
const EFFECTS: Readonly<Record<string, readonly number[]>> = {
  completed: [1],
  cancelled: [0, 1],
  failed: [0, 1],
  rejected: [0],
};

for (const rival of ['approve', 'reject', 'cancel'] as const) {
  proves('gate.race', `${RACES} pairs of approve with ${rival}`, async () => {
    const asked = await Promise.all(Array.from({ length: RACES }, () => effect()));
    const outcomes = await Promise.all(asked.map((invocation) => race(invocation, rival)));
    const winners = outcomes.map((statuses) => statuses.filter((status) => status < 300).length);
    if (rival !== 'cancel') expect(new Set(winners)).toEqual(new Set([1]));
    for (const { id } of asked) {
      const { status } = await settled(mesh(), id);
      expect(EFFECTS[status]).toContain(effectsOf(mesh(), id).length);
    }
  });
}

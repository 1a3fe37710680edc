import { expect, test } from 'vitest';
import { decided, resultOf, useAgentRig } from '../testing/agent-rig.ts';

const LONG = { timeout: 120_000 };
const LOST = { status: 'lost', ended_by: 'unknown', error: { code: 'agent_lost' } };
const DONE = { status: 'completed', ended_by: 'exit', exit_code: 0 };

/** Where a real agent dies under the order of a gated tool, what the next one tells of it, and how often it took effect. */
const rows: readonly (readonly [point: string, told: object, effects: number])[] = [
  ['after-note:accepted', LOST, 0],
  ['before-spawn:demo_effect', LOST, 0],
  ['after-spawn:demo_effect', DONE, 1],
  ['after-exit:demo_effect', DONE, 1],
  ['before-note:ended', DONE, 1],
  ['after-note:ended', DONE, 1],
];

test.each(rows)(
  'agent.restart after a crash at %s accounts for the attempt and never spawns it again',
  LONG,
  async (point, told, effects) => {
    const rig = await useAgentRig();
    const { router } = rig;
    const first = rig.start({ XEM_CRASH_POINT: point });
    const work = decided(await rig.order({ tool: 'demo_effect', args: { id: point } }));
    await router.dispatch(work, { isSigned: true });
    expect(await first.exit).toEqual({ code: null, signal: 'SIGKILL' });
    rig.start();
    await router.until(() => router.hellos[1]);
    const { name: session, epoch } = await router.session();
    await router.dispatch({ ...work, session, epoch }, { isSigned: true });
    expect(await resultOf(rig, work)).toMatchObject(told);
    await router.until(() => router.of('accept').length > 0);
    expect(rig.effects()).toHaveLength(effects);
  },
);

test(
  'agent.restart after a crash before the accept was written knows nothing, and may be ordered again',
  LONG,
  async () => {
    const rig = await useAgentRig();
    const { router } = rig;
    const first = rig.start({ XEM_CRASH_POINT: 'before-note:accepted' });
    const work = decided(await rig.order({ tool: 'demo_effect', args: { id: 1 } }));
    await router.dispatch(work, { isSigned: true });
    await first.exit;
    expect(router.of('accept')).toEqual([]);
    rig.start();
    const { hello } = await router.until(() => router.hellos[1]);
    expect(hello.unacknowledged).toEqual([]);
    const { name: session, epoch } = await router.session();
    await router.dispatch({ ...work, session, epoch }, { isSigned: true });
    expect(await resultOf(rig, work)).toMatchObject(DONE);
    expect(rig.effects()).toHaveLength(1);
  },
);

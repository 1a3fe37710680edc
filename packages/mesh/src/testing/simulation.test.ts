import { ExecutionId } from '@xem/protocol';
import { seededIds, virtualClock } from '@xem/runtime/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentIdentity } from './agent-identity.ts';
import { memoryNetwork } from './memory-network.ts';
import { openRecordedLink } from './recorded-link.ts';
import { openRecordedRouter } from './recorded-router.ts';

const AGENTS = ['a', 'b', 'c'].map(agentIdentity);
const FRAMES_EACH = 20;

const executionId = (index: number): ExecutionId =>
  ExecutionId.parse(`01890000-0000-7000-8000-${String(index).padStart(12, '0')}`);

interface Schedule {
  readonly seed: string;
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly cutEvery: number;
}

/** Three agents talk for a minute over a bad network that is cut again and again, and then heals. */
async function play({ seed, cutEvery, ...faults }: Schedule) {
  const clock = virtualClock();
  const network = memoryNetwork({ clock, seed, faults: { ...faults, jitterMs: 20 } });
  const router = await openRecordedRouter({ clock, network, ids: seededIds(clock, seed), agents: AGENTS });
  const links = AGENTS.map((agent) =>
    openRecordedLink({
      clock,
      network,
      agent,
      ids: seededIds(clock, `${seed} ${agent.agentId}`),
      endpoints: [router.mesh.dataEndpoint],
    }),
  );
  for (let round = 0; round < FRAMES_EACH; round += 1) {
    await clock.advance(1000);
    if (round % cutEvery === cutEvery - 1) network.cut(AGENTS[round % AGENTS.length]?.curve.publicKey);
    const body = { v: 1, execution_id: executionId(round), attempt: 1 } as const;
    for (const { link } of links) link.send({ kind: 'accept', body });
  }
  network.setFaults({ drop: 0, duplicate: 0, reorder: 0, jitterMs: 0 });
  await clock.advance(40_000);
  return { ...router, links };
}

const schedule = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 8 }),
  drop: fc.double({ min: 0, max: 0.3, noNaN: true }),
  duplicate: fc.double({ min: 0, max: 0.5, noNaN: true }),
  reorder: fc.double({ min: 0, max: 0.5, noNaN: true }),
  cutEvery: fc.integer({ min: 1, max: 6 }),
});

const PATIENCE = { timeout: 120_000 };

test(
  'sessions come back after any weather, one per agent, each opened and closed once',
  PATIENCE,
  async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (weather) => {
        const { record, mesh, links } = await play(weather);
        expect(links.map(({ link }) => link.state())).toEqual(['open', 'open', 'open']);
        const opened = record.opened.map(({ name }) => name);
        const closed = record.closed.map(({ session }) => session.name);
        expect(new Set(opened).size).toBe(opened.length);
        expect(new Set(closed).size).toBe(closed.length);
        expect(opened.length - closed.length).toBe(AGENTS.length);
        for (const { agentId } of AGENTS) {
          const epochs = record.opened
            .filter((session) => session.agentId === agentId)
            .map(({ epoch }) => epoch);
          expect(epochs).toEqual(epochs.toSorted((x, y) => x - y));
          expect(mesh.sessionOf(agentId)?.epoch).toBe(epochs.at(-1));
        }
        expect(record.fatal).toEqual([]);
      }),
      { numRuns: 40 },
    );
  },
);

test('sessions play the same from the same seed', PATIENCE, async () => {
  const weather = { seed: 'twice', drop: 0.1, duplicate: 0.2, reorder: 0.2, cutEvery: 3 };
  const [first, second] = [await play(weather), await play(weather)];
  expect(second.record).toEqual(first.record);
  expect(first.record.frames.length).toBeGreaterThan(FRAMES_EACH);
});

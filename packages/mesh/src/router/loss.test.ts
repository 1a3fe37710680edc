import { expect, test } from 'vitest';
import type { AgentIdentity } from '../testing/agent-identity.ts';
import { memoryFixture } from '../testing/memory-fixture.ts';
import { sampleFrame } from '../testing/sample-frames.ts';

const NOTICED_MS = 1000;
const SILENCE_MS = 4000;

/** Two agents with a session each, who talk as often as said. */
async function talking(everyMs: number) {
  const fixture = await memoryFixture();
  const { clock, link, a, b } = fixture;
  const links = { a: link(a, 'a').link, b: link(b, 'b').link };
  await clock.advance(20);
  const cancel = clock.every(everyMs, () => {
    for (const one of [links.a, links.b]) one.send(sampleFrame('accept'));
  });
  /** The line of an agent breaks, and it finds no other. */
  const lose = ({ curve }: AgentIdentity): void => {
    fixture.network.cut(curve.publicKey);
    fixture.network.part(curve.publicKey);
  };
  const gone = () => fixture.record.closed.filter(({ end }) => end === 'gone');
  return { ...fixture, lose, gone, cancel };
}

test.each([1, 40, 90, 149, 150, 151, 199, 250, 10_000])(
  'mesh notices within a second that a line broke whose agent spoke every %i ms',
  async (everyMs) => {
    const { clock, lose, a, gone, cancel } = await talking(everyMs);
    await clock.advance(everyMs * 3);
    lose(a);
    await clock.advance(NOTICED_MS);
    expect(gone()).toMatchObject([{ session: { agentId: a.agentId } }]);
    cancel();
  },
);

test.each(Array.from({ length: 21 }, (_, index) => index * 50))(
  'mesh notices within a second a break %i ms after another one',
  async (laterMs) => {
    const { clock, lose, a, b, gone, cancel } = await talking(30);
    lose(a);
    await clock.advance(laterMs);
    lose(b);
    await clock.advance(NOTICED_MS);
    expect(gone().map(({ session }) => session.agentId)).toEqual([a.agentId, b.agentId]);
    cancel();
  },
);

test('mesh notices an agent that fell silent as soon as its heartbeats fail', async () => {
  const { clock, network, a, gone, cancel } = await talking(100);
  network.part(a.curve.publicKey);
  await clock.advance(SILENCE_MS - 100);
  expect(gone()).toEqual([]);
  await clock.advance(100 + NOTICED_MS);
  expect(gone()).toMatchObject([{ session: { agentId: a.agentId } }]);
  cancel();
});

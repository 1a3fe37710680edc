import { verifyClaim, type AgentFrame } from '@xem/mesh';
import { AgentId } from '@xem/protocol';
import { recordingLog, virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { keyFolder } from '../testing/key-folder.ts';
import { createRotation } from './rotation.ts';

const AGENT = AgentId.parse(`agt_${'0'.repeat(24)}`);
const KEPT_MS = 11 * 60_000;

/** An agent's part in a change of keys, on a line that takes frames as the test says. */
async function part() {
  const folder = await keyFolder();
  const clock = virtualClock();
  const ring = folder.start();
  const sent: AgentFrame[] = [];
  const line = { isFull: false, reconnects: 0 };
  const room: (() => void)[] = [];
  const rotation = createRotation({
    agentId: AGENT,
    ring,
    clock,
    log: recordingLog(),
    line: {
      send: (frame) => {
        if (line.isFull) return 'full';
        sent.push(frame);
        return 'sent';
      },
      writable: () => new Promise((resolve) => room.push(() => resolve(true))),
      reconnect: () => void (line.reconnects += 1),
    },
  });
  const old = folder.curve.publicKey;
  const makeRoom = (): void => {
    line.isFull = false;
    for (const resolve of room.splice(0)) resolve();
  };
  return { folder, clock, ring, rotation, sent, line, old, makeRoom };
}

test('rotation.asked signs for the new key and the one of the session', async () => {
  const { ring, rotation, sent, old } = await part();
  rotation.onAsked('before any session');
  expect(sent).toEqual([]);
  rotation.onWelcome(old);
  rotation.onAsked('r1');
  rotation.onAsked('r1');
  const [ack, again] = sent;
  expect(again).toEqual(ack);
  if (ack?.kind !== 'rotate_ack') throw new Error('no answer');
  const { curve_public_key: next, sig } = ack.body;
  const claim = {
    ctx: 'xem/rotate/1',
    rotation_id: 'r1',
    agent_id: AGENT,
    old_curve_key: old,
    new_curve_key: next,
  };
  expect(verifyClaim({ publicKey: ring.signer.publicKey, claim, signature: sig })).toBe(true);
  expect(ring.curves().map(({ publicKey }) => publicKey)).toEqual([next, old]);
});

test('rotation.asked waits for room on the line', async () => {
  const { clock, rotation, sent, line, old, makeRoom } = await part();
  rotation.onWelcome(old);
  line.isFull = true;
  rotation.onAsked('r1');
  await clock.advance(10);
  expect(sent).toEqual([]);
  makeRoom();
  await clock.advance(10);
  expect(sent.map(({ kind }) => kind)).toEqual(['rotate_ack']);
});

test('rotation.committed connects again only from the old key to the new', async () => {
  const { ring, rotation, line, old } = await part();
  rotation.onWelcome(old);
  rotation.onCommitted();
  expect(line.reconnects).toBe(0);
  rotation.onAsked('r1');
  rotation.onCommitted();
  expect(line.reconnects).toBe(1);
  const [next] = ring.curves();
  rotation.onWelcome(next?.publicKey ?? '');
  rotation.onCommitted();
  expect([line.reconnects, ring.curves()]).toEqual([1, [next]]);
});

test('rotation.tidy forgets a key that the router has given up, under a session with the old one alone', async () => {
  const { clock, folder, ring, rotation, old } = await part();
  rotation.onWelcome(old);
  rotation.onAsked('r1');
  await clock.advance(KEPT_MS);
  rotation.tidy();
  expect(ring.curves()).toHaveLength(2);
  await clock.advance(1);
  rotation.tidy();
  expect(ring.curves().map(({ publicKey }) => publicKey)).toEqual([old]);
  expect(folder.start().curves()).toHaveLength(1);
});

test('rotation.tidy keeps a key that no session was refused with yet', async () => {
  const { clock, ring, rotation } = await part();
  ring.prepare();
  await clock.advance(KEPT_MS * 2);
  rotation.tidy();
  expect(ring.curves()).toHaveLength(2);
});

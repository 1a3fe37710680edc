import type { AgentLink, RouterFrame } from '@xem/mesh';
import { Manifest, PROTOCOL_VERSION, WorkOrder } from '@xem/protocol';
import { sha256 } from '../check/hash.ts';
import { create, look } from '../load/caller.ts';
import type { World } from '../scenario/world.ts';
import { dialAs, letIn, makeIntruder, until } from './intruder.ts';
import { changingNetwork } from './wire.ts';

const WORDS = Buffer.from('said twice');

/** A tool that nobody else has. */
const toolOf = (name: string): Manifest['tools'] =>
  Manifest.shape.tools.parse([
    {
      name,
      description: 'Says what it says twice.',
      risk: 'read',
      domain: 'demo',
      parameters: { type: 'object', properties: {} },
      timeout_ms: 10_000,
      mcp: { visible: false },
    },
  ]);

const summaryOf = (bytes: Buffer) => ({
  bytes: bytes.length,
  sha256: sha256(bytes),
  truncated: false,
  masked: 0,
});

/** Does an order at once, in three frames. */
function work(link: AgentLink, frame: RouterFrame): void {
  if (frame.kind !== 'dispatch') return;
  const { execution_id, attempt } = WorkOrder.parse(
    JSON.parse(Buffer.from(frame.body.order).toString('utf8')),
  );
  const key = { v: PROTOCOL_VERSION, execution_id, attempt } as const;
  link.send({ kind: 'accept', body: key });
  link.send({ kind: 'output', body: { ...key, stream: 'stdout', offset: 0 }, payload: WORDS });
  link.send({
    kind: 'result',
    body: {
      ...key,
      status: 'completed',
      ended_by: 'exit',
      exit_code: 0,
      signal: null,
      duration_ms: 1,
      error: null,
      stdout: summaryOf(WORDS),
      stderr: summaryOf(Buffer.alloc(0)),
      survivors: [],
    },
  });
}

/** A worker that says every frame twice: what it did is done once, and reads as it should. */
export async function twice(world: World): Promise<void> {
  const { chance, load } = world;
  const tool = `twice_${chance.bytes(4).toString('hex')}`;
  const insider = await letIn(world, makeIntruder(world, toolOf(tool)));
  const network = changingNetwork((parts) => [parts, parts]);
  const link: AgentLink = dialAs(world, insider, { network, onFrame: (frame) => work(link, frame) });
  await until(world, 'a session in which everything is said twice', () => link.state() === 'open');
  const [caller] = load.callers;
  const call = await create(caller, { tool, args: {}, idempotencyKey: tool });
  const end = call && (await look(caller, call.id, 10));
  await link.close();
  const { status, result } = end ?? {};
  if (status === 'completed' && result?.stdout_bytes === WORDS.length) return;
  throw new Error(`work that was reported twice is ${status} with ${result?.stdout_bytes} bytes`);
}

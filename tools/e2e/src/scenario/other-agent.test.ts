import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, systemIds } from '@xem/runtime';
import { expect, onTestFinished } from 'vitest';
import { call, send } from '../mesh/api.ts';
import { openCuttingProxy } from '../mesh/cutting-proxy.ts';
import { mintJoinKey } from '../mesh/intruder.ts';
import { ask, decide, execution, reach, read, run, settled } from '../mesh/invoke.ts';
import { until } from '../mesh/mesh.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { prepareAgent, type AgentOptions, type OtherAgent } from '../other-agent/agent.ts';
import { canonicalJson, sha256 } from '../other-agent/canonical-json.ts';
import { decodeFrame, encodeFrame, HEARD, type Frame } from '../other-agent/frame.ts';
import { claimBytes, isSigned, signerOf } from '../other-agent/keys.ts';
import type { Surroundings } from '../other-agent/surroundings.ts';
import { otherEcho, otherEffect } from '../other-agent/tools.ts';
import * as is from '../other-agent/shape.ts';
import { proves } from '../proves.ts';

const CORPUS = fileURLToPath(new URL('../../../../packages/protocol/corpus/v1', import.meta.url));
const MIB = 1024 * 1024;
/** Far enough on that its milliseconds need 64 bits, as those of a host that has been up for long never will. */
const EPOCH = 2 ** 41;

const mesh = useMesh();
const clock = systemClock();
const ids = systemIds(clock);
const around: Surroundings = {
  monotonic: () => EPOCH + clock.monotonic(),
  after: (ms, act) => clock.after(ms, act),
  bytes: (length) => ids.bytes(length),
};

interface Watched {
  readonly agent: OtherAgent;
  readonly kept: Pick<AgentOptions, 'dir' | 'joinKey'>;
  /** The frames that passed, as the agent saw them. */
  readonly frames: { readonly way: 'in' | 'out'; readonly frame: Frame }[];
  readonly effects: unknown[];
}

type Changes = Pick<Partial<AgentOptions>, 'endpoint' | 'dir' | 'joinKey'> & {
  readonly forge?: (frame: Frame) => Frame;
};

async function joinKeyOf(name: string): Promise<string> {
  const { value = '' } = await mintJoinKey(mesh(), { name, workspaces: [mesh().facts.workspace_id] });
  return value;
}

/** Lets an agent of the other kind into the mesh until the test has ended. */
async function other(name: string, { forge, ...changes }: Changes = {}): Promise<Watched> {
  const { dir = mkdtempSync(join(tmpdir(), 'xem-other-')), joinKey = await joinKeyOf(name) } = changes;
  const frames: Watched['frames'] = [];
  const effects: unknown[] = [];
  const between = (frame: Frame, way: 'in' | 'out'): Frame => {
    const passed = forge && frame.kind === 'dispatch' ? forge(frame) : frame;
    frames.push({ way, frame: passed });
    return passed;
  };
  const tools = [otherEcho, otherEffect((args) => effects.push(args))];
  const agent = await prepareAgent({ ...changes, dir, joinKey, name, tools, around, between });
  onTestFinished(async () => {
    await agent.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  agent.dial();
  await until(`a session of ${name}`, () => agent.sessions > 0);
  await until(`the lease of ${name}`, () => frames.some(({ frame }) => frame.kind === 'lease_ack'));
  return { agent, kept: { dir, joinKey }, frames, effects };
}

const sent = ({ frames }: Watched, kind: string): readonly Frame[] =>
  frames.filter(({ way, frame }) => way === 'out' && frame.kind === kind).map(({ frame }) => frame);

async function raw(executionId: string | null): Promise<Buffer> {
  const response = await send(mesh(), { path: `/v1/exec/executions/${executionId}/raw?stream=stdout` });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}

async function approved(cluster: string): Promise<string> {
  const { id, approval, status } = await ask(mesh(), { tool: 'other_effect', args: { cluster } });
  expect(status).toBe('pending_approval');
  expect((await decide(mesh(), approval?.id ?? '', { verb: 'approve' })).status).toBe(200);
  return id;
}

const readCorpus = (folder: string): readonly (readonly [string, unknown])[] =>
  readdirSync(join(CORPUS, folder)).map((file) => [
    file,
    JSON.parse(readFileSync(join(CORPUS, folder, file), 'utf8')),
  ]);

proves('wire.other-agent', 'it reads and writes every recorded frame', async () => {
  const recording = is.shape({ parts: is.list(is.text) });
  for (const [file, recorded] of readCorpus('frame')) {
    const parts = recording(recorded).parts.map((part) => Buffer.from(part, 'base64'));
    const frame = decodeFrame(parts);
    expect(`${frame.kind}.json`).toBe(file);
    const again = encodeFrame(frame).map((part) => Buffer.from(part));
    expect(decodeFrame(again)).toEqual(frame);
    const parse = Object.entries(HEARD).find(([kind]) => kind === frame.kind)?.[1];
    if (parse) expect(parse(frame.body)).toEqual(frame.body);
  }
});

proves('wire.other-agent', 'it makes and checks every recorded signature and hash', async () => {
  const claim = is.shape({ seed: is.text, public_key: is.text, canonical: is.text, signature: is.text });
  for (const [file, recorded] of readCorpus('claim')) {
    const { seed, public_key: by, canonical, signature } = claim(recorded);
    const signer = signerOf(Buffer.from(seed, 'hex'));
    const bytes = claimBytes(is.object(JSON.parse(canonical)));
    const sig = Buffer.from(signature, 'base64');
    expect([signer.publicKey, bytes.toString('utf8')], file).toEqual([by, canonical]);
    expect(Buffer.from(signer.sign(bytes)), file).toEqual(sig);
    expect([isSigned(bytes, { sig, by }), isSigned(Buffer.from('else'), { sig, by })]).toEqual([true, false]);
  }
  const hash = is.shape({ canonical: is.text, sha256: is.text });
  for (const [file, recorded] of readCorpus('hash')) {
    const { canonical, sha256: digest } = hash(recorded);
    expect([canonicalJson(JSON.parse(canonical)), sha256(canonical)], file).toEqual([canonical, digest]);
  }
});

proves('wire.other-agent', 'a call that reads comes back byte for byte', async () => {
  const watched = await other('other-read');
  const text = 'ünï\u0000cöde €\n';
  const ended = await run(mesh(), { tool: 'other_echo', args: { text } });
  expect(ended).toMatchObject({ status: 'completed', agent_id: watched.agent.agentId, attempt: 1 });
  expect((await raw(ended.execution_id)).toString('utf8')).toBe(text);
});

proves('wire.other-agent', 'a destructive call waits for its approval and runs once', async () => {
  const watched = await other('other-gate');
  const waiting = await ask(mesh(), { tool: 'other_effect', args: { cluster: 'red' } });
  const id = await approved('blue');
  expect(await settled(mesh(), id)).toMatchObject({ status: 'completed', attempt: 1 });
  expect(await read(mesh(), waiting.id)).toMatchObject({ status: 'pending_approval' });
  expect(watched.effects).toEqual([{ cluster: 'blue' }]);
  const order = watched.frames.find(({ frame }) => frame.kind === 'dispatch');
  if (order) watched.agent.hear(order.frame);
  await until('the second accept', () => sent(watched, 'accept').length === 2);
  expect([sent(watched, 'refuse'), watched.effects]).toEqual([[], [{ cluster: 'blue' }]]);
});

const flip = (frame: Frame): Frame => {
  const order = Buffer.from(is.bytes(frame.body['order'])).toString('utf8');
  return { ...frame, body: { ...frame.body, order: Buffer.from(order.replace('"blue"', '"pink"')) } };
};
const unsign = (frame: Frame): Frame => ({ ...frame, body: { v: 1, order: frame.body['order'] } });

for (const [what, forge] of Object.entries({ changed: flip, unsigned: unsign }))
  proves('wire.other-agent', `it refuses a gated order that arrives ${what}`, async () => {
    const watched = await other(`other-${what}`, { forge });
    const id = await approved('blue');
    expect(await settled(mesh(), id)).toMatchObject({ status: 'failed', error: { code: /./ } });
    expect(sent(watched, 'refuse')).toMatchObject([{ body: { reason: 'signature' } }]);
    expect(watched.effects).toEqual([]);
  });

proves('wire.other-agent', 'what runs is cancelled', async () => {
  const watched = await other('other-cancel');
  const { id } = await ask(mesh(), { tool: 'other_echo', args: { text: 'begun', hold: true } });
  await reach(mesh(), id, ['running']);
  await call(mesh(), { method: 'POST', path: `/v1/exec/invocations/${id}/cancel`, body: {} });
  const ended = await settled(mesh(), id);
  expect(ended).toMatchObject({ status: 'cancelled', agent_id: watched.agent.agentId });
  expect((await raw(ended.execution_id)).toString('utf8')).toBe('begun');
});

proves(
  'wire.other-agent',
  'what ran when it was killed is reported lost, and never started again',
  async () => {
    const killed = await other('other-killed');
    const { id } = await ask(mesh(), { tool: 'other_echo', args: { text: 'begun', hold: true } });
    const { execution_id: executionId } = await reach(mesh(), id, ['running']);
    killed.agent.vanish();
    const heir = await other('other-killed', killed.kept);
    expect(heir.agent.agentId).toBe(killed.agent.agentId);
    await until('the loss', async () => (await execution(mesh(), executionId ?? '')).status === 'lost');
    expect(sent(heir, 'result')).toMatchObject([{ body: { status: 'lost', stdout: { bytes: 5 } } }]);
    await call(mesh(), { method: 'POST', path: `/v1/exec/invocations/${id}/cancel`, body: {} });
    await settled(mesh(), id);
  },
);

// The last: this agent's goodbye may be lost with its proxy, and then orders may go its way until its lease ends.
proves('wire.other-agent', '3 MiB are whole although the line is cut in the middle', async () => {
  const proxy = await openCuttingProxy(mesh().facts.data_endpoint, { direction: 'up', piece: 30 });
  onTestFinished(() => proxy.close());
  const watched = await other('other-cut', { endpoint: proxy.endpoint });
  const text = Array.from({ length: 4096 }, (_, line) => `${line} `).join('');
  const times = Math.ceil((3 * MIB) / text.length);
  const ended = await run(mesh(), { tool: 'other_echo', args: { text, times } });
  expect([proxy.wasCut(), watched.agent.sessions]).toEqual([true, 2]);
  expect(ended).toMatchObject({ status: 'completed', attempt: 1 });
  const bytes = await raw(ended.execution_id);
  expect([bytes.length, sha256(bytes)]).toEqual([text.length * times, sha256(text.repeat(times))]);
});

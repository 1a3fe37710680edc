import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ExecutionId, PROTOCOL_VERSION, type EnrolledBody } from '@xem/protocol';
import { Packr } from 'msgpackr';
import type { Chance } from '../seed.ts';
import { create } from '../load/caller.ts';
import { openTcpProxy } from '../proxy/tcp-proxy.ts';
import type { World } from '../scenario/world.ts';
import { dialAs, enrolAs, letIn, makeIntruder, mintJoinKey, until, type Insider } from './intruder.ts';
import { changingNetwork, openRawLine, type RawLine } from './wire.ts';

type Attack = (world: World) => Promise<void>;

function assertThat(holds: boolean, says: string): void {
  if (!holds) throw new Error(says);
}

const codeOf = (answer: EnrolledBody): string => (answer.ok ? 'ok' : answer.code);

/** A CURVE key that was never enrolled. */
export const stranger: Attack = async (world) => {
  const joinKey = await mintJoinKey(world);
  const victim = await letIn(world);
  const heard: string[] = [];
  const insider = { who: makeIntruder(world), joinKey, agentId: victim.agentId };
  const link = dialAs(world, insider, {
    onRejected: ({ code }) => void heard.push(code),
    onWelcome: () => void heard.push('welcome'),
  });
  await until(world, 'the rejection of a stranger', () => heard.length > 0);
  await link.close();
  assertThat(heard[0] === 'curve_key_rejected', `a stranger heard ${heard.join()}`);
};

/** An enrolled agent that says it is another. */
export const forgedHello: Attack = async (world) => {
  const [forger, victim] = [await letIn(world), await letIn(world)];
  const heard: string[] = [];
  const link = dialAs(
    world,
    { ...forger, agentId: victim.agentId },
    {
      onLost: ({ code }) => void heard.push(code),
      onWelcome: () => void heard.push('welcome'),
    },
  );
  await until(world, 'the refusal of a forged hello', () => heard.length > 0);
  await link.close();
  assertThat(!heard.includes('welcome'), 'a forged hello was welcomed');
};

/** A hundred agents with one key that is good for one. */
export const race: Attack = async (world) => {
  const joinKey = await mintJoinKey(world);
  const answers = await Promise.all(
    Array.from({ length: 100 }, () =>
      enrolAs(world, makeIntruder(world), { joinKey }).then(codeOf, () => 'unanswered'),
    ),
  );
  const winners = answers.filter((code) => code === 'ok').length;
  assertThat(winners === 1, `of a hundred agents on one key ${winners} got in`);
};

/** A name whose holder is there; and the request of an enrolment once more. */
export const names: Attack = async (world) => {
  const holder = await letIn(world);
  const link = dialAs(world, holder);
  await until(world, 'the session of the holder', () => link.state() === 'open');
  const { name } = holder.who;
  const thief = { ...makeIntruder(world), name };
  const refused = await enrolAs(world, thief, { joinKey: await mintJoinKey(world) });
  assertThat(codeOf(refused) === 'agent_name_in_use', `a name in use was answered ${codeOf(refused)}`);
  const again = await enrolAs(world, holder.who, { joinKey: holder.joinKey });
  assertThat(!again.ok || again.agent_id === holder.agentId, 'a request to enrol made two agents');
  await link.close();
};

/** A name whose holder was deleted: who takes it next is somebody else, and inherits nothing. */
export const heir: Attack = async (world) => {
  const { mesh } = world;
  const [{ humans, workspace }] = mesh.tenants;
  const first = await letIn(world);
  const key = humans[0];
  const bindings = `/v1/workspaces/${workspace}/bindings`;
  await mesh.direct({ method: 'POST', path: bindings, key, body: { agent_id: first.agentId } });
  const gone = await mesh.direct({ method: 'DELETE', path: `/v1/management/agents/${first.agentId}`, key });
  assertThat(gone.status === 200, `deleting an agent was answered ${gone.status}`);
  const next = await letIn(world, { ...makeIntruder(world), name: first.who.name });
  assertThat(next.agentId !== first.agentId, 'the id of a deleted agent was given again');
  const { body } = await mesh.direct({ path: `${bindings}?limit=1000`, key });
  assertThat(!JSON.stringify(body).includes(next.agentId), 'a deleted name left its bindings to another');
};

/** A call of somebody else's that runs. */
async function victimOf(world: World): Promise<string> {
  const [caller] = world.load.callers;
  const idempotencyKey = world.chance.bytes(12).toString('hex');
  const call = await create(caller, { tool: 'demo_sleep', args: { seconds: 3 }, idempotencyKey });
  return call?.execution_id ?? '0198f1f0-0000-7000-8000-000000000000';
}

/** In a session of its own, frames about another's execution. */
export const meddle: Attack = async (world) => {
  const insider = await letIn(world);
  const link = dialAs(world, insider);
  await until(world, 'the session of the meddler', () => link.state() === 'open');
  const execution_id = ExecutionId.parse(await victimOf(world));
  const key = { v: PROTOCOL_VERSION, execution_id, attempt: 1 } as const;
  const empty = { bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };
  const summary = { ...empty, truncated: false, masked: 0 };
  link.send({
    kind: 'output',
    body: { ...key, stream: 'stdout', offset: 0 },
    payload: Buffer.from('forged'),
  });
  link.send({ kind: 'accept', body: key });
  link.send({ kind: 'refuse', body: { ...key, reason: 'digest', message: 'forged' } });
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
      stdout: summary,
      stderr: summary,
      survivors: [],
    },
  });
  await world.mesh.clock.sleep(500);
  await link.close();
};

const SAID = new Packr({ useRecords: false, variableMapSize: true });

/** Bytes that look like a frame less and less. */
function garble(chance: Chance, seen: readonly Uint8Array[][]): Uint8Array[] {
  const [first, ...others] = seen;
  const parts = first ? chance.pick([first, ...others]).map((part) => Buffer.from(part)) : [];
  const kinds = chance.pick([
    'output',
    'result',
    'accept',
    'lease_renewal',
    'hello',
    'connect',
    'enroll',
    'nonsense',
  ]);
  const made: (() => Uint8Array[])[] = [
    () => [Buffer.from(kinds), chance.bytes(chance.int(2000))],
    () => [chance.bytes(chance.int(40)), chance.bytes(chance.int(200)), chance.bytes(10), chance.bytes(10)],
    () => [Buffer.from(kinds), Buffer.from(SAID.pack({ v: 1, __proto__: { v: 1 }, execution_id: {} }))],
    () => [Buffer.from(kinds), Buffer.concat([Buffer.alloc(50_000, 0x91), Buffer.from([0xc0])])],
    () => [Buffer.from(kinds), Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff])],
    () => [],
    () => {
      const body = parts[1] ?? Buffer.alloc(1);
      for (let flips = chance.int(4); flips >= 0; flips -= 1) body[chance.int(body.length)] = chance.int(256);
      return parts;
    },
  ];
  return made[chance.int(made.length)]?.() ?? [];
}

const dialRaw = (world: World, { who, joinKey }: Insider): RawLine =>
  openRawLine({
    endpoint: `tcp://127.0.0.1:${world.mesh.ports.data}`,
    routerCurveKey: joinKey.router_curve_key,
    curve: who.curve,
  });

/** Everything an agent really said, to be sent again and garbled. */
async function overhear(world: World, insider: Insider): Promise<Uint8Array[][]> {
  const said: Uint8Array[][] = [];
  const network = changingNetwork((parts) => {
    said.push([...parts]);
    return [parts];
  });
  const link = dialAs(world, insider, { network });
  await until(world, 'a session to overhear', () => link.state() === 'open');
  await link.close();
  return said;
}

const FRAMES = 3000;

/** Random and mutated MessagePack, on connection after connection. */
export const garbage: Attack = async (world) => {
  const insider = await letIn(world);
  const said = await overhear(world, insider);
  let line = dialRaw(world, insider);
  for (let sent = 0; sent < FRAMES; sent += 1) {
    if (line.isDown()) line = dialRaw(world, insider);
    const parts = garble(world.chance, said);
    await line.send(parts.length === 0 ? [Buffer.alloc(0)] : parts);
    if (sent % 100 === 99) await world.mesh.clock.sleep(5);
  }
  line.close(0);
};

const BURSTER = fileURLToPath(new URL('burster.ts', import.meta.url));

/** More frames at once than anybody can take in, and then the line is cut in the middle of one. */
export const burst: Attack = async (world) => {
  const { mesh, chance } = world;
  const { who, joinKey } = await letIn(world);
  const { publicKey, secretKey } = who.curve;
  const line = await openTcpProxy(mesh.clock, mesh.ports.data);
  const words = [`tcp://127.0.0.1:${line.port}`, joinKey.router_curve_key, publicKey, secretKey];
  for (let round = 0; round < 3; round += 1) {
    const burster = fork(BURSTER, words, { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const gone = once(burster, 'exit');
    await Promise.race([once(burster, 'message'), gone]);
    await mesh.clock.sleep(100 + chance.int(700));
    line.reset();
    burster.kill('SIGKILL');
    await gone;
  }
  await line.close();
};

/** What was overheard in one session, said again in another. */
export const replay: Attack = async (world) => {
  const insider = await letIn(world);
  const said = await overhear(world, insider);
  const line = dialRaw(world, insider);
  for (const parts of said) await line.send(parts);
  await world.mesh.clock.sleep(500);
  const kinds = line.heard.map(([kind]) => Buffer.from(kind ?? []).toString('latin1'));
  line.close(0);
  assertThat(!kinds.includes('welcome'), 'an old hello was welcomed');
};

/** A message far over the limit. */
export const oversize: Attack = async (world) => {
  const line = dialRaw(world, await letIn(world));
  await line.send([Buffer.from('output'), Buffer.alloc(64 * 1024 * 1024)]);
  await until(world, 'the end of a line with too large a message', () => line.isDown());
};

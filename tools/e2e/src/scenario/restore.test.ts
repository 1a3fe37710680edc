import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, AgentConnectivity, Invocation, JournalEntry, JournalVerification } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { partsOfMesh, type PartsOfMesh } from '../mesh/apart.ts';
import { until } from '../mesh/mesh.ts';
import { proves } from '../proves.ts';

const clock = systemClock();
const Rows = z.object({ data: z.array(z.unknown()) });
const LOAD_CLIENTS = 4;

let mesh: PartsOfMesh;

/** What stood when the backup was made, and what came after. */
interface Story {
  readonly done: Invocation;
  readonly doneBytes: string;
  readonly ran: Invocation;
  readonly decided: Invocation;
  readonly asked: Invocation;
  readonly loaded: readonly Invocation[];
  readonly after: Invocation;
  readonly head: number;
}

async function ask(tool: string, args: object, prefer = 'wait=0'): Promise<Invocation> {
  const body = { workspace_id: mesh.workspaceId, tool, args };
  const asked = { body, headers: { prefer }, as: 'service' } as const;
  const answer = await mesh.request('POST', '/v1/exec/invocations', asked);
  return Invocation.parse(await answer.json());
}

async function read(id: string, prefer = 'wait=0'): Promise<Invocation> {
  const answer = await mesh.request('GET', `/v1/exec/invocations/${id}`, { headers: { prefer } });
  return Invocation.parse(await answer.json());
}

const reach = (id: string, status: Invocation['status']): Promise<void> =>
  until(`${status} of ${id}`, async () => (await read(id)).status === status);

const approve = ({ approval }: Invocation): Promise<Response> =>
  mesh.request('POST', `/v1/exec/approvals/${approval?.id}/approve`, { body: {}, as: 'approver' });

const output = async ({ execution_id: id }: Invocation): Promise<string> =>
  (await mesh.request('GET', `/v1/exec/executions/${id}/raw`)).text();

async function verified(): Promise<JournalVerification> {
  const answer = await mesh.request('GET', '/v1/exec/journal/verify');
  return JournalVerification.parse(await answer.json());
}

function effectsOf({ id }: Invocation): number {
  const path = join(mesh.dir, 'effects.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8').split(id).length - 1 : 0;
}

const hold = (verb: 'pause' | 'resume'): Promise<Response> =>
  mesh.request('POST', `/v1/management/project/${verb}`, { body: { reason: 'the test' } });

/** Asks for calls without a pause until it is told to stop, and answers what was acknowledged. */
function load(): () => Promise<readonly Invocation[]> {
  const over = new AbortController();
  const acknowledged: Invocation[] = [];
  const client = async (): Promise<void> => {
    while (!over.signal.aborted) acknowledged.push(await ask('demo_noop', {}));
  };
  const clients = Promise.all(Array.from({ length: LOAD_CLIENTS }, client));
  return async () => {
    over.abort();
    await clients;
    return acknowledged;
  };
}

async function tell(folder: string): Promise<Story> {
  const done = await ask('demo_echo', { text: 'kept' }, 'wait=30');
  const ran = await ask('demo_sleep', { seconds: 4 });
  await reach(ran.id, 'running');
  await hold('pause');
  const decided = await ask('demo_effect', { of: 'decided' });
  expect((await approve(decided)).status).toBe(200);
  const asked = await ask('demo_effect', { of: 'asked' });
  const finish = load();
  const before = (await verified()).head.seq;
  await mesh.command('backup', folder);
  const loaded = await finish();
  await hold('resume');
  await approve(asked);
  for (const { id } of [decided, asked]) await reach(id, 'completed');
  await reach(ran.id, 'completed');
  const { id } = await ask('demo_sleep', { seconds: 300 });
  await reach(id, 'running');
  const after = await read(id);
  return { done, doneBytes: await output(done), ran, decided, asked, loaded, after, head: before };
}

let story: Story;
let upAfterMs = Infinity;

beforeAll(async () => {
  mesh = await partsOfMesh();
  const router = await mesh.startRouter();
  await mesh.startAgent();
  await until('an agent', async () => {
    const { data } = Rows.parse(await (await mesh.request('GET', '/v1/exec/tools?online=true')).json());
    return data.length > 0;
  });
  const folder = join(mesh.dir, 'backup');
  story = await tell(folder);
  router.child.kill('SIGKILL');
  await router.ended;
  await mesh.command('restore', folder, '--force');
  await mesh.startRouter();
  const startedAt = clock.monotonic();
  await hold('resume');
  const first = await ask('demo_echo', { text: 'first' }, 'wait=30');
  expect(first.status).toBe('completed');
  upAfterMs = clock.monotonic() - startedAt;
}, 120_000);

afterAll(() => mesh.close());

proves('restore.nothing-twice', 'a call that was decided, and one that waited, and ran since', async () => {
  const { decided, asked } = story;
  expect(await read(decided.id)).toMatchObject({ status: 'failed', error: { code: 'agent_lost' } });
  expect(await read(asked.id)).toMatchObject({
    status: 'rejected',
    error: { code: 'approval_stale' },
    approval: { status: 'withdrawn' },
  });
  expect((await approve(asked)).status).toBe(409);
  expect([decided, asked].map(effectsOf)).toEqual([1, 1]);
});

proves('restore.nothing-twice', 'what was acknowledged before is there, and comes to an end', async () => {
  const { done, doneBytes, ran, loaded, after, head } = story;
  expect(await read(done.id)).toMatchObject({ status: 'completed', execution_id: done.execution_id });
  expect(await output(done)).toBe(doneBytes);
  expect((await read(ran.id, 'wait=30')).status).toBe('completed');
  const known = await Promise.all(
    loaded.map(async ({ id }) => (await mesh.request('GET', `/v1/exec/invocations/${id}`)).status === 200),
  );
  const kept = loaded.filter((_, nth) => known[nth]);
  expect(known.indexOf(false)).toBeGreaterThan(0);
  const ends = await Promise.all(kept.map(({ id }) => read(id, 'wait=60')));
  expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['completed']));
  expect((await mesh.request('GET', `/v1/exec/invocations/${after.id}`)).status).toBe(404);
  expect(await verified()).toMatchObject({ ok: true });
  expect((await verified()).head.seq).toBeGreaterThan(head);
});

proves('restore.goes-on', 'with an agent that ran what its router does not know of', async () => {
  expect(upAfterMs).toBeLessThan(10_000);
  const { data } = Rows.parse(await (await mesh.request('GET', '/v1/exec/agents')).json());
  expect(data).toMatchObject([{ status: 'online', connection: { state: 'connected' } }]);
});

const entriesOf = async (types: string): Promise<readonly JournalEntry[]> => {
  const answer = await mesh.request('GET', `/v1/exec/journal?types=${types}`);
  return JournalEntry.array().parse(Rows.parse(await answer.json()).data);
};

proves('restore.strays', 'a run that was begun after the backup, and was going on', async () => {
  const { execution_id: executionId } = story.after;
  const ends = async () =>
    (await entriesOf('execution.evidence')).filter(({ subject }) => subject.id === executionId);
  await until('the end of the run', async () => (await ends()).length > 0);
  expect(await ends()).toMatchObject([
    { actor: { kind: 'agent' }, data: { known: false, status: 'cancelled' } },
  ]);
  const { data } = Rows.parse(await (await mesh.request('GET', '/v1/exec/agents')).json());
  const [{ id } = { id: '' }] = Agent.array().parse(data);
  const connectivity = await (await mesh.request('GET', `/v1/exec/agents/${id}/connectivity`)).json();
  expect(AgentConnectivity.parse(connectivity)).toMatchObject({ state: 'connected', bad_frames: 0 });
  expect(await entriesOf('agent.protocol_violation')).toEqual([]);
});

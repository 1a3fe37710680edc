import type { Invocation } from '@xem/protocol';
import { call } from '../../mesh/api.ts';
import { ask, decide, reach, settled } from '../../mesh/invoke.ts';
import { until, type Mesh } from '../../mesh/mesh.ts';
import type { OwnAgent } from '../../mesh/own-agent.ts';
import type { Ground } from '../ground.ts';

/** A mesh, and an agent in it whose tools end in their ways. */
interface EndingGround extends Ground {
  readonly own: OwnAgent;
}

type Ending = (ground: EndingGround) => Promise<Invocation>;

/** The bundle of that agent. */
export const ENDINGS_BUNDLE = `
description: Tools that end in other ways than well.
tools:
  - name: ends_flooding
    description: Write more than may be.
    risk: read
    parameters: { type: object, additionalProperties: false }
    output: { max_bytes: 4096 }
    command: { run: [sh, -c, 'while :; do echo too much; done'] }
  - name: ends_killed
    description: End by a signal from outside.
    risk: read
    parameters: { type: object, additionalProperties: false }
    command: { run: [sh, -c, 'kill -9 0'] }
  - name: ends_unstarted
    description: Cannot be started with this argument.
    risk: read
    parameters: { type: object, properties: { text: { type: string } }, required: [text] }
    command: { run: [printf, '{text}'] }
  - name: ends_reading
    description: Take long, and may be repeated.
    risk: read
    parameters: { type: object, additionalProperties: false }
    command: { run: [sleep, '120'] }
  - name: ends_writing
    description: Take long, and may not be repeated.
    risk: write
    parameters: { type: object, additionalProperties: false }
    command: { run: [sleep, '120'] }
`;

const ended =
  (tool: string, args: Readonly<Record<string, unknown>> = {}, timeoutMs?: number): Ending =>
  async ({ mesh }) =>
    settled(mesh, (await ask(mesh, { tool, args, ...(timeoutMs && { timeoutMs }) })).id);

const cancel = (mesh: Mesh, id: string) =>
  call(mesh, { method: 'POST', path: `/v1/exec/invocations/${id}/cancel`, body: {} });

async function running({ mesh }: Ground, tool: string): Promise<string> {
  const { id } = await ask(mesh, { tool });
  await reach(mesh, id, ['running']);
  return id;
}

/** A caller asks, and loses the key before anybody has decided. */
const revoked: Ending = async ({ mesh, make, idOf, workspace }) => {
  const principal_id = await idOf('principal.create', { kind: 'service', name: 'short of time' });
  const key = await make('api_key.create', { principal_id, name: 'brief', scopes: ['execution'] });
  const headers = { authorization: `Bearer ${String(key['value'])}` };
  const body = { workspace_id: workspace, tool: 'demo_effect', args: {} };
  const asked = await call(mesh, {
    method: 'POST',
    path: '/v1/exec/invocations',
    as: null,
    headers,
    body,
  });
  await make('api_key.revoke', { id: key['id'] });
  return settled(mesh, String(Object(asked.body)['id']));
};

const expired: Ending = async ({ mesh, make, workspace, gated }) => {
  await make('policy.put', { workspace_id: workspace, timeout_seconds_destructive: 1 });
  const { id } = await gated();
  const ending = await settled(mesh, id);
  await make('policy.put', { workspace_id: workspace, preset: 'standard' });
  return ending;
};

const stale: Ending = async ({ mesh, make, workspace, gated }) => {
  const { id, approval } = await gated();
  await make('policy.put', { workspace_id: workspace, preset: 'standard', policy_name: 'changed' });
  await decide(mesh, approval?.id ?? '', { verb: 'approve' });
  return settled(mesh, id);
};

const isBack = (mesh: Mesh): Promise<void> =>
  until('the tools of an agent to be back', async () => {
    const { status } = await call(mesh, { path: '/v1/exec/tools/ends_writing' });
    return status === 200;
  });

/** An agent that is held still cannot confirm that it stopped anything. */
const unconfirmed: Ending = async (ground) => {
  const id = await running(ground, 'ends_writing');
  process.kill(ground.own.pid(), 'SIGSTOP');
  await cancel(ground.mesh, id);
  const ending = await settled(ground.mesh, id);
  process.kill(ground.own.pid(), 'SIGCONT');
  await isBack(ground.mesh);
  return ending;
};

const lost: Ending = async (ground) => {
  const id = await running(ground, 'ends_writing');
  await ground.own.end('SIGKILL');
  const ending = await settled(ground.mesh, id);
  await ground.own.start();
  await isBack(ground.mesh);
  return ending;
};

const ATTEMPTS = 3;

/** Linux takes 128 KiB in one word. */
const LONGER_THAN_AN_ARGUMENT = 200 * 1024;

const exhausted: Ending = async (ground) => {
  const { mesh, own } = ground;
  const { id } = await ask(mesh, { tool: 'ends_reading' });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    await reach(mesh, id, ['running']);
    await own.end('SIGKILL');
    const { status } = await reach(mesh, id, ['queued', 'failed']);
    await own.start();
    if (status === 'failed') break;
  }
  return settled(mesh, id);
};

/** Codes that a call ends with. */
export const ENDING_PROVOCATIONS = {
  tool_exit_nonzero: ended('demo_fail', { exit_code: 3 }),
  tool_timeout: ended('demo_sleep', { seconds: 30 }, 300),
  output_limit_exceeded: ended('ends_flooding'),
  tool_killed: ended('ends_killed'),
  tool_spawn_failed: ended('ends_unstarted', { text: 'x'.repeat(LONGER_THAN_AN_ARGUMENT) }),
  approval_rejected: async ({ mesh, gated }) => {
    const { id, approval } = await gated();
    await decide(mesh, approval?.id ?? '', { verb: 'reject' });
    return settled(mesh, id);
  },
  approval_expired: expired,
  approval_stale: stale,
  requester_revoked: revoked,
  cancelled: async ({ mesh, gated }) => {
    const { id } = await gated();
    await cancel(mesh, id);
    return settled(mesh, id);
  },
  cancel_unconfirmed: unconfirmed,
  agent_lost: lost,
  attempts_exhausted: exhausted,
} as const satisfies Record<string, Ending>;

import { ExecutionId, JoinKey, PROTOCOL_VERSION } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { expect } from 'vitest';
import { z } from 'zod';
import { call } from '../mesh/api.ts';
import { dialAs, enrolAs, intruder, mintJoinKey } from '../mesh/intruder.ts';
import { ask, execution, reach, read } from '../mesh/invoke.ts';
import { until } from '../mesh/mesh.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();

const entriesOf = async (type: string): Promise<readonly unknown[]> => {
  const answer = await call(mesh(), { path: `/v1/exec/journal?types=${type}` });
  return z.object({ data: z.array(z.unknown()) }).parse(answer.body).data;
};

proves('wire.stranger', 'its connection is refused, again and again, and no session opens', async () => {
  const joinKey = await mintJoinKey(mesh());
  const [agentId = ''] = mesh().facts.agent_ids;
  let rejected = '';
  let welcomed = false;
  const link = dialAs(mesh(), intruder(), {
    joinKey,
    agentId,
    heard: { onRejected: ({ code }) => void (rejected = code), onWelcome: () => void (welcomed = true) },
  });
  await until('the rejection of a stranger', () => rejected !== '');
  await link.close();
  expect([rejected, welcomed]).toEqual(['curve_key_rejected', false]);
});

proves('wire.impostor', 'a forged hello opens no session', async () => {
  const who = intruder();
  const joinKey = await mintJoinKey(mesh());
  const enrolled = await enrolAs(who, 'forger', joinKey);
  expect(enrolled.ok).toBe(true);
  const [victim = ''] = mesh().facts.agent_ids;
  let refused = '';
  const link = dialAs(mesh(), who, {
    joinKey,
    agentId: victim,
    heard: { onRejected: ({ code }) => void (refused = code), onLost: ({ code }) => void (refused = code) },
  });
  await until('the refusal of a forged hello', () => refused !== '');
  expect(link.state()).not.toBe('open');
  await link.close();
});

proves(
  'wire.impostor',
  'in a session of its own its frames about the execution change nothing, and are journalled',
  async () => {
    const running = await ask(mesh(), { tool: 'demo_sleep', args: { seconds: 20 } });
    const { execution_id: target } = await reach(mesh(), running.id, ['running']);
    const who = intruder();
    const joinKey = await mintJoinKey(mesh());
    const enrolled = await enrolAs(who, 'impostor', joinKey);
    const agentId = enrolled.ok ? enrolled.agent_id : '';
    const link = dialAs(mesh(), who, { joinKey, agentId, heard: {} });
    await until('a session of the impostor', () => link.state() === 'open');
    const key = { v: PROTOCOL_VERSION, execution_id: ExecutionId.parse(target), attempt: 1 } as const;
    link.send({
      kind: 'output',
      body: { ...key, stream: 'stdout', offset: 0 },
      payload: Buffer.from('forged'),
    });
    link.send({ kind: 'refuse', body: { ...key, reason: 'digest', message: 'forged' } });
    await until(
      'the entry about the impostor',
      async () => (await entriesOf('agent.protocol_violation')).length > 0,
    );
    await link.close();
    expect(await read(mesh(), running.id)).toMatchObject({ status: 'running' });
    expect(await execution(mesh(), target ?? '')).toMatchObject({ status: 'running', stdout: null });
    await call(mesh(), { method: 'POST', path: `/v1/exec/invocations/${running.id}/cancel`, body: {} });
  },
);

const codeOfAnswer = (answer: Awaited<ReturnType<typeof enrolAs>>): string =>
  answer.ok ? 'ok' : answer.code;

proves('wire.join-keys', 'each answer names its code and what the operator can do', async () => {
  const good = await mintJoinKey(mesh());
  const forged = { ...good, value: `${good.value?.slice(0, -6)}AAAAAA` };
  expect(codeOfAnswer(await enrolAs(intruder(), 'wrong', forged))).toBe('join_key_invalid');

  expect(codeOfAnswer(await enrolAs(intruder(), 'first', good))).toBe('ok');
  const reused = await enrolAs(intruder(), 'second', good);
  expect(reused).toMatchObject({
    ok: false,
    code: 'join_key_exhausted',
    operator_action: expect.stringMatching(/./),
  });

  const revoked = await mintJoinKey(mesh());
  const answer = await call(mesh(), {
    method: 'POST',
    path: `/v1/management/join-keys/${revoked.id}/revoke`,
    body: {},
  });
  expect(JoinKey.parse(answer.body).status).toBe('revoked');
  expect(codeOfAnswer(await enrolAs(intruder(), 'late', revoked))).toBe('join_key_revoked');
});

proves('wire.join-keys', 'a key that has expired before anybody used it', async () => {
  const brief = await mintJoinKey(mesh(), { expires_in_seconds: 1 });
  await until('its end', () => systemClock().now() > Date.parse(brief.expires_at));
  expect(codeOfAnswer(await enrolAs(intruder(), 'never', brief))).toBe('join_key_expired');
});

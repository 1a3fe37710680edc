import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resultOf, useAgentRig } from './testing/agent-rig.ts';

const LONG = { timeout: 120_000 };

test(
  'agent.start enrols once, says that it is ready, and spends no join key when it starts again',
  LONG,
  async () => {
    const { router, start, stateDir } = await useAgentRig();
    const agent = start();
    const ready = await new Promise((resolve) => agent.child.once('message', resolve));
    expect(ready).toEqual({ type: 'ready', agent_id: router.agentId });
    await agent.kill();
    start({ XEM_JOIN_KEY: '' });
    await router.until(() => router.hellos.length === 2);
    expect(router.enrolls).toHaveLength(1);
    expect(router.hellos[1]?.hello.journal_id).toBe(router.hellos[0]?.hello.journal_id);
    for (const name of ['agent-signing-key.hex', 'agent-curve-key.hex', 'identity.json', 'journal.db']) {
      expect(statSync(join(stateDir, name)).mode & 0o777).toBe(0o600);
    }
  },
);

test('agent.start publishes its tools for the workspaces that the join key binds', LONG, async () => {
  const { router, start } = await useAgentRig();
  start();
  const request = await router.until(() => router.enrolls[0]);
  expect(request.body).toMatchObject({
    registration_name: 'agent-01',
    manifest: { manifest_version: 1, workspaces: [{ id: router.workspaceId }] },
    host: { providers: ['builtin', 'command'], limits: { max_concurrent_executions: 20 } },
  });
});

test.each([
  ['the join key is missing', { XEM_JOIN_KEY: '' }, /needs a join key/],
  ['the join key cannot be read', { XEM_JOIN_KEY: 'xjk_nonsense' }, /join key cannot be read/],
  ['a setting is wrong', { XEM_MAX_CONCURRENT_EXECUTIONS: 'many' }, /XEM_MAX_CONCURRENT_EXECUTIONS/],
  ['the bundles are missing', { XEM_TOOLS_DIR: '/nonexistent' }, /\/nonexistent/],
  ['the configuration cannot be read', { XEM_CONFIG: '/nonexistent.yaml' }, /invalidConfigFile/],
])('agent.start ends with 78 when %s', LONG, async (_what, env, words) => {
  const { start } = await useAgentRig();
  const agent = start(env);
  expect(await agent.exit).toEqual({ code: 78, signal: null });
  expect(agent.words()).toMatch(words);
});

test('agent.start refuses nested data in its file, by name', LONG, async () => {
  const { start, stateDir } = await useAgentRig();
  mkdirSync(stateDir, { recursive: true });
  const file = join(stateDir, 'xem.yaml');
  writeFileSync(file, 'workspaces:\n  - one\n');
  const agent = start({ XEM_CONFIG: file });
  expect(await agent.exit).toMatchObject({ code: 78 });
  expect(agent.words()).toContain('invalidConfigFile');
  expect(agent.words()).toContain('"workspaces" must be one value');
});

test(
  'agent.start prints what the router says no with, when to try again, and ends with 78',
  LONG,
  async () => {
    const { router, start } = await useAgentRig();
    router.script.enrolled = {
      v: 1,
      ok: false,
      code: 'join_key_exhausted',
      message: 'the only use is reserved',
      operator_action: 'Mint a new one.',
      retry_after_seconds: 540,
    };
    const agent = start();
    expect(await agent.exit).toMatchObject({ code: 78 });
    expect(agent.words()).toContain('join_key_exhausted: the only use is reserved\nMint a new one.');
    expect(agent.words()).toContain('in 540 s');
    expect(router.enrolls).toHaveLength(1);
  },
);

test('agent.start refuses a key that others can read', LONG, async () => {
  const { router, start, stateDir } = await useAgentRig();
  const first = start();
  await router.session();
  await first.kill();
  chmodSync(join(stateDir, 'agent-curve-key.hex'), 0o644);
  const second = start();
  expect(await second.exit).toMatchObject({ code: 78 });
  expect(second.words()).toContain('chmod 600');
});

test('agent.start refuses a state folder that another agent works in', LONG, async () => {
  const { router, start } = await useAgentRig();
  start();
  await router.session();
  const second = start();
  expect(await second.exit).toMatchObject({ code: 78 });
  expect(second.words()).toContain('Another agent works in');
});

test('agent.start never writes a key or the join key to its log', LONG, async () => {
  const { router, start, stateDir } = await useAgentRig();
  const agent = start({ XEM_LOG_LEVEL: 'debug' });
  await router.until(() => router.of('lease_renewal').length > 0);
  const secret = readFileSync(join(stateDir, 'agent-curve-key.hex'), 'utf8').trim();
  await agent.kill();
  expect(agent.words()).toContain('session.opened');
  expect(agent.words()).not.toContain(secret);
  expect(agent.words()).not.toContain(router.enrolls[0]?.body.join_key);
});

test('agent.stop says goodbye, ends what runs, sends its end, and ends with 0', LONG, async () => {
  const rig = await useAgentRig();
  const { router, start, order } = rig;
  const agent = start();
  const work = await order({ tool: 'demo_sleep', args: { seconds: 60 } });
  await router.dispatch(work);
  await router.until(() => router.of('accept').length > 0);
  agent.child.kill('SIGTERM');
  expect(await resultOf(rig, work)).toMatchObject({ status: 'cancelled', ended_by: 'cancel' });
  expect(await agent.exit).toEqual({ code: 0, signal: null });
  expect(router.ended).toEqual(['goodbye']);
});

test('agent.stop stops too when its supervisor goes away', LONG, async () => {
  const { router, start } = await useAgentRig();
  const agent = start();
  await router.session();
  agent.child.disconnect();
  expect(await agent.exit).toEqual({ code: 0, signal: null });
});

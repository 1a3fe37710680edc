import { Manifest } from '@xem/protocol';
import { expect, test } from 'vitest';
import { decided, resultOf, useAgentRig } from './testing/agent-rig.ts';

const LONG = { timeout: 120_000 };

const deny = (...lines: readonly string[]): string =>
  ['rules:', '  - name: no-such-thing', '    effect: deny', ...lines, ''].join('\n');

const names = (manifest: unknown) => Manifest.parse(manifest).tools.map(({ name }) => name);

test('policy vetoes a call that people approved, with the name of the rule', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  rig.start({ XEM_POLICY_PATH: rig.writePolicy(deny('    tools: [demo_effect]', '    args: { id: ^x }')) });
  const forbidden = decided(await rig.order({ tool: 'demo_effect', args: { id: 'x1' } }));
  await router.dispatch(forbidden, { isSigned: true });
  const refusal = await router.until(() => router.of('refuse')[0]);
  expect(refusal.body).toMatchObject({ execution_id: forbidden.execution_id, reason: 'local_policy' });
  expect(refusal.body.message).toContain('rule no-such-thing');
  const free = decided(await rig.order({ tool: 'demo_effect', args: { id: 'y1' } }));
  await router.dispatch(free, { isSigned: true });
  expect(await resultOf(rig, free)).toMatchObject({ status: 'completed' });
  expect(rig.effects()).toHaveLength(1);
});

test('policy is asked only about orders whose receipt is right', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  rig.start({ XEM_POLICY_PATH: rig.writePolicy(deny('    args: { id: . }')) });
  await router.dispatch(await rig.order({ tool: 'demo_effect', args: { id: 'x' } }));
  const refusal = await router.until(() => router.of('refuse')[0]);
  expect(refusal.body).toMatchObject({ reason: 'signature' });
});

test(
  'policy keeps a tool that it never lets run out of the manifest, and SIGHUP reads it again',
  LONG,
  async () => {
    const rig = await useAgentRig();
    const { router } = rig;
    router.script.intervalMs = 60_000;
    const agent = rig.start({ XEM_POLICY_PATH: rig.writePolicy(deny('    tools: [demo_*]')) });
    const { body } = await router.until(() => router.enrolls[0]);
    expect(names(body.manifest)).toContain('gate_read');
    expect(names(body.manifest)).not.toContain('demo_echo');
    await router.session();
    rig.writePolicy('rules:\n  - name: broken\n    effect: perhaps\n');
    agent.child.kill('SIGHUP');
    await agent.says('tools.reload_refused');
    expect(agent.words()).toMatch(/policy\.yaml","line":3,"field":"rules\[0\]\.effect"/);
    rig.writePolicy('default: allow\n');
    agent.child.kill('SIGHUP');
    const renewal = await router.until(() => router.of('lease_renewal').find((frame) => frame.body.manifest));
    expect(names(renewal.body.manifest)).toContain('demo_echo');
  },
);

test('policy warns of a rule whose tools are not there', LONG, async () => {
  const rig = await useAgentRig();
  const agent = rig.start({ XEM_POLICY_PATH: rig.writePolicy(deny('    tools: [demo_efect]')) });
  await agent.says('policy.rules_without_tools');
  expect(agent.words()).toContain('no-such-thing');
});

test('credentials are named in the manifest, never told', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  rig.writeCredentials('prod', 'TOKEN=very-secret-token\n');
  rig.writeCredentials('workspaces.yaml', `${router.workspaceId}: prod\n`);
  rig.start();
  const { body } = await router.until(() => router.enrolls[0]);
  expect(body.manifest).toMatchObject({ workspaces: [{ id: router.workspaceId, credentials_ref: 'prod' }] });
  expect(JSON.stringify(body.manifest)).not.toContain('very-secret-token');
});

import { Manifest } from '@xem/protocol';
import { expect, test } from 'vitest';
import { resultOf, useAgentRig, type AgentRig } from './testing/agent-rig.ts';

const LONG = { timeout: 120_000 };

const bundle = (description: string, risk = 'read'): string =>
  [
    'tools:',
    '  - name: late',
    `    description: ${description}`,
    `    risk: ${risk}`,
    '    parameters: { type: object }',
    '    command: { run: [echo, hello] }',
    '',
  ].join('\n');

/** Waits at a door and tells its token then. */
const TELLTALE = [
  'tools:',
  '  - name: telltale',
  '    description: Wait, then tell.',
  '    risk: read',
  '    parameters: { type: object, properties: { door: { type: string } }, required: [door] }',
  '    command:',
  `      run: [sh, -c, 'echo up; while [ ! -e "$1" ]; do sleep 0.02; done; echo "$TOKEN"', sh, '{door}']`,
  '',
].join('\n');

const published = ({ router }: AgentRig, version: number) =>
  router.until(() => {
    const frames = router.of('lease_renewal');
    return frames.find(({ body }) => body.manifest !== undefined && body.manifest_version === version);
  });

test(
  'agent.reload publishes a new tool at once and runs it, while a call in progress goes on',
  LONG,
  async () => {
    const rig = await useAgentRig();
    const { router } = rig;
    router.script.intervalMs = 60_000;
    const door = rig.door('reload');
    const agent = rig.start();
    const work = await rig.order({ tool: 'gate_write', args: { door: door.path } });
    await router.dispatch(work);
    await router.until(() => router.output.bytes(work, 'stdout').length > 0);
    rig.writeBundle('late', bundle('Come late.'));
    agent.child.kill('SIGHUP');
    const { body } = await published(rig, 2);
    const { tools } = Manifest.parse(body.manifest);
    expect(tools.map(({ name }) => name)).toContain('late');
    expect(body.in_flight).toHaveLength(1);
    const late = await rig.order({ tool: 'late' });
    await router.dispatch(late);
    expect(await resultOf(rig, late)).toMatchObject({ status: 'completed' });
    door.open();
    expect(await resultOf(rig, work)).toMatchObject({ status: 'completed', exit_code: 0 });
    expect(door.starts()).toBe(1);
  },
);

test('agent.reload publishes nothing when nothing changed', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  router.script.intervalMs = 60_000;
  const agent = rig.start({ XEM_LOG_LEVEL: 'info' });
  await router.until(() => router.of('lease_renewal').length === 1);
  agent.child.kill('SIGHUP');
  await agent.says('tools.changed');
  rig.writeBundle('late', bundle('Come late.'));
  agent.child.kill('SIGHUP');
  await published(rig, 2);
  expect(router.of('lease_renewal')).toHaveLength(2);
});

test(
  'agent.reload keeps the old set when a bundle is broken, and tells file, line and field',
  LONG,
  async () => {
    const rig = await useAgentRig();
    const { router } = rig;
    rig.writeBundle('late', bundle('Come late.'));
    const agent = rig.start();
    const before = await rig.order({ tool: 'late' });
    rig.writeBundle('late', bundle('Come later.', 'harmless'));
    agent.child.kill('SIGHUP');
    await agent.says('tools.reload_refused');
    expect(agent.words()).toMatch(/late\/bundle\.yaml","line":4,"field":"tools\[0\]\.risk"/);
    await router.dispatch(before);
    expect(await resultOf(rig, before)).toMatchObject({ status: 'completed' });
    rig.writeBundle('late', bundle('Come later.'));
    agent.child.kill('SIGHUP');
    await published(rig, 2);
  },
);

test('agent.reload leaves a call in progress its credentials, and masks them on', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const door = rig.door('secret');
  rig.writeBundle('telltale', TELLTALE);
  rig.writeCredentials('default', 'TOKEN=the-old-secret\n');
  const agent = rig.start({ XEM_LOG_LEVEL: 'info' });
  const first = await rig.order({ tool: 'telltale', args: { door: door.path } });
  await router.dispatch(first);
  await router.until(() => router.output.bytes(first, 'stdout').length > 0);
  rig.writeCredentials('default', 'TOKEN=new-secret\n');
  agent.child.kill('SIGHUP');
  await agent.says('tools.changed');
  const second = await rig.order({ tool: 'telltale', args: { door: door.path } });
  await router.dispatch(second);
  door.open();
  await Promise.all([resultOf(rig, first), resultOf(rig, second)]);
  expect(router.output.bytes(first, 'stdout').toString()).toBe(`up\n${'*'.repeat(14)}\n`);
  expect(router.output.bytes(second, 'stdout').toString()).toBe(`up\n${'*'.repeat(10)}\n`);
});

test('agent.reload tells the next session what the last did not hear', LONG, async () => {
  const rig = await useAgentRig();
  const { router } = rig;
  const agent = rig.start({ XEM_LOG_LEVEL: 'info' });
  await router.session();
  router.script.refused = { code: 'session_replaced', message: 'test' };
  router.mesh.close((await router.session()).name, { code: 'session_replaced', message: 'test' });
  await agent.says('session.lost');
  rig.writeBundle('late', bundle('Come late.'));
  agent.child.kill('SIGHUP');
  await agent.says('tools.changed');
  router.script.refused = null;
  const welcomed = await router.until(() => router.hellos.find(({ hello }) => hello.manifest_version === 2));
  expect(welcomed.hello.manifest_hash).not.toBe(router.hellos[0]?.hello.manifest_hash);
});

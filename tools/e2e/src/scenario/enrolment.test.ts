import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERROR_CATALOG, type ErrorCode } from '@xem/errors';
import { JoinKey } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { expect, onTestFinished } from 'vitest';
import { agentHost, LAUNCHER, standing } from '../mesh/agent-process.ts';
import { call } from '../mesh/api.ts';
import { openCuttingProxy, type CutAt } from '../mesh/cutting-proxy.ts';
import { applyAs, dialAs, enrolAs, intruder, mintJoinKey, type Intruder } from '../mesh/intruder.ts';
import { until } from '../mesh/mesh.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const XEROCTL = fileURLToPath(new URL('../../../dev/src/xeroctl.ts', import.meta.url));

const usesOf = async (id: string): Promise<Pick<JoinKey, 'uses_confirmed' | 'uses_reserved' | 'status'>> => {
  const { body } = await call(mesh(), { path: '/v1/management/join-keys?limit=100' });
  const keys = JoinKey.array().parse(Object(body)['data']);
  const key = keys.find((one) => one.id === id);
  if (!key) throw new Error(`there is no join key ${id}`);
  return key;
};

/** Says hello, and is welcomed. */
async function welcomed(
  who: Intruder,
  { joinKey, agentId, endpoint }: { joinKey: JoinKey; agentId: string; endpoint?: string },
) {
  let sessions = 0;
  const heard = { onWelcome: () => void (sessions += 1) };
  const link = dialAs(mesh(), who, { joinKey, agentId, heard, ...(endpoint && { endpoint }) });
  await until('a welcome', () => sessions > 0);
  await link.close();
}

proves(
  'enrolment.race',
  'and the ninety-nine others hear when the use that is only reserved lapses',
  async () => {
    const joinKey = await mintJoinKey(mesh());
    const racers = Array.from({ length: 100 }, () => intruder());
    const answers = await Promise.all(racers.map((who, at) => enrolAs(who, `racer-${at}`, joinKey)));
    const winners = answers.flatMap((answer, at) => (answer.ok ? [{ answer, who: racers[at] }] : []));
    expect(winners).toHaveLength(1);
    for (const answer of answers) {
      if (answer.ok) continue;
      expect(answer).toMatchObject({
        code: 'join_key_exhausted',
        message: expect.stringContaining('only reserved'),
      });
      expect(answer.retry_after_seconds).toBeGreaterThan(540);
    }
    const [winner] = winners;
    if (!winner?.who) throw new Error('nobody won');
    await welcomed(winner.who, { joinKey, agentId: winner.answer.agent_id });
    expect(await usesOf(joinKey.id)).toMatchObject({
      uses_confirmed: 1,
      uses_reserved: 0,
      status: 'exhausted',
    });
    const late = await enrolAs(intruder(), 'late', joinKey);
    expect(late).toMatchObject({ ok: false, code: 'join_key_exhausted' });
    expect(late).not.toHaveProperty('retry_after_seconds');
  },
);

const CUTS: readonly CutAt[] = (['up', 'down'] as const).flatMap((direction) =>
  [1, 2, 3, 4].map((piece) => ({ direction, piece })),
);

proves(
  'enrolment.cut',
  'at every piece of the conversation, on the one socket and on the other',
  async () => {
    for (const cut of CUTS) {
      const name = `cut-${cut.direction}-${cut.piece}`;
      const joinKey = await mintJoinKey(mesh(), { name });
      const [enrolment, data] = await Promise.all(
        [joinKey.enroll_endpoint, mesh().facts.data_endpoint].map((endpoint) =>
          openCuttingProxy(endpoint, cut),
        ),
      );
      if (!enrolment || !data) throw new Error('there is no proxy');
      onTestFinished(() => [enrolment, data].forEach((proxy) => proxy.close()));
      const who = intruder();
      const answer = await applyAs(who, {
        name,
        joinKey: { ...joinKey, enroll_endpoint: enrolment.endpoint },
      });
      expect(answer, name).toMatchObject({ ok: true });
      expect(await enrolAs(intruder(), name, joinKey)).toMatchObject({
        ok: false,
        code: 'join_key_exhausted',
      });
      const agentId = answer.ok ? answer.agent_id : '';
      await welcomed(who, { joinKey, agentId, endpoint: data.endpoint });
      expect(await usesOf(joinKey.id)).toMatchObject({ uses_confirmed: 1, uses_reserved: 0 });
      expect(await enrolAs(who, name, joinKey)).toMatchObject({ ok: true, agent_id: agentId });
      expect([name, enrolment.wasCut(), data.wasCut()]).toEqual([name, true, true]);
    }
  },
);

const tool = (name: string, change: object = {}) => ({
  name,
  description: 'does it',
  risk: 'read',
  parameters: { type: 'object' },
  ...change,
});

const manifest = (change: object) => ({ manifest_version: 1, workspaces: [], tools: [], ...change });

const BROKEN: readonly (readonly [string, unknown, string, string])[] = [
  ['no list of workspaces', { manifest_version: 1, tools: [] }, '/workspaces', 'the manifest'],
  ['no list of tools', { manifest_version: 1, workspaces: [] }, '/tools', 'the manifest'],
  [
    'a schema that does not compile',
    manifest({
      tools: [
        tool('good'),
        tool('bad', { parameters: { type: 'object', properties: { a: { type: 'text' } } } }),
      ],
    }),
    '/tools/1/parameters',
    'tool bad',
  ],
  ['a tool twice', manifest({ tools: [tool('same'), tool('same')] }), '/tools/1/name', 'tool same'],
  [
    'a risk there is not',
    manifest({ tools: [tool('careless', { risk: 'harmless' })] }),
    '/tools/0/risk',
    'tool careless',
  ],
  [
    '1,001 tools',
    manifest({ tools: Array.from({ length: 1001 }, (_, at) => tool(`t${at}`)) }),
    '/tools',
    'the manifest',
  ],
  [
    'more than 512 KiB',
    manifest({
      tools: Array.from({ length: 200 }, (_, at) => tool(`t${at}`, { description: 'x'.repeat(4000) })),
    }),
    '',
    'the limit is 524288',
  ],
];

proves(
  'enrolment.codes',
  'for every way a manifest can be wrong, with the tool and a JSON pointer',
  async () => {
    const joinKey = await mintJoinKey(mesh(), { uses: 100 });
    for (const [what, sent, pointer, words] of BROKEN) {
      const answer = await applyAs(intruder(), { name: 'careless', joinKey, manifest: sent });
      expect(answer, what).toMatchObject({
        ok: false,
        code: 'exec_manifest_invalid',
        pointer,
        message: expect.stringContaining(words),
        operator_action: ERROR_CATALOG.exec_manifest_invalid.fix,
      });
    }
    expect(await usesOf(joinKey.id)).toMatchObject({ uses_confirmed: 0, uses_reserved: 0 });
  },
);

proves('enrolment.codes', 'for names that are taken and words that are not understood', async () => {
  const refusals: readonly [ErrorCode, string, object][] = [
    ['agent_name_in_use', 'dev-agent-01', {}],
    ['agent_name_in_use', 'dev-agent-01', { name: 'dev-agent-01' }],
    ['join_key_invalid', 'somebody-else', { name: 'meant-for-this-one' }],
    ['protocol_unsupported', 'Not A Name', {}],
  ];
  for (const [code, name, key] of refusals) {
    const answer = await enrolAs(intruder(), name, await mintJoinKey(mesh(), key));
    expect(answer).toMatchObject({ ok: false, code, operator_action: ERROR_CATALOG[code].fix });
  }
});

proves('enrolment.codes', 'in words on the host, where the agent ends with 78', async () => {
  const joinKey = await mintJoinKey(mesh());
  await enrolAs(intruder(), 'quicker', joinKey);
  const agent = agentHost('slower').start(joinKey);
  await until('the end of the agent', () => agent.status() !== null);
  expect(agent.status()).toBe(78);
  expect(agent.words()).toContain('xem-agent: join_key_exhausted: every use of the join key is taken');
  expect(agent.words()).toContain(ERROR_CATALOG.join_key_exhausted.fix);
  expect(agent.words()).toMatch(/trying again in \d+ s/);
});

proves('enrolment.command', 'pasted into a shell, with the key out of sight of other users', async () => {
  const { command = '' } = await mintJoinKey(mesh(), { name: 'pasted' });
  const [, key = '', line = ''] =
    /^XEM_JOIN_KEY=(\S+) npx -y pnpm@12 --silent xem-agent (.*)$/.exec(command) ?? [];
  expect(line).not.toContain('xjk_');
  const { env } = agentHost('unused');
  const { XEM_REGISTRATION_NAME: _name, ...rest } = env;
  const script = `exec "$0" ${line}`;
  const shell = spawn('sh', ['-c', script, LAUNCHER], {
    env: { ...rest, XEM_JOIN_KEY: key },
    stdio: 'ignore',
  });
  onTestFinished(() => void shell.kill('SIGTERM'));
  await standing(mesh(), 'pasted', ['online']);
  expect(readFileSync(`/proc/${shell.pid}/cmdline`, 'utf8')).not.toContain('xjk_');
});

proves(
  'enrolment.command',
  'agents enroll writes the file, runs the agent, and shows what a refusal is',
  async () => {
    const { env } = agentHost('by-hand');
    const { XEM_CONFIG: _config, XEM_REGISTRATION_NAME: _name, ...rest } = env;
    const config = join(mesh().dir, 'by-hand.yaml');
    const words = [
      'agents',
      'enroll',
      '--name',
      'by-hand',
      '--config',
      config,
      '--workspace',
      mesh().facts.workspace_id,
    ];
    const child = spawn(process.execPath, [XEROCTL, ...words], {
      env: { ...process.env, ...rest, XEM_DEV_DIR: mesh().dir },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [agent] = await standing(mesh(), 'by-hand', ['online']);
    expect(agent?.workspaces.map(({ id }) => id)).toEqual([mesh().facts.workspace_id]);
    await until('the spent key to be gone', () => !readFileSync(config, 'utf8').includes('xjk_'));
    child.kill('SIGINT');
    await until('the end of the command', () => child.exitCode !== null);
    expect(child.exitCode).toBe(0);

    const brief = await mintJoinKey(mesh(), { expires_in_seconds: 1 });
    await until('its end', () => systemClock().now() > Date.parse(brief.expires_at));
    const late = await xeroctl(
      mesh(),
      ['agents', 'enroll', '--name', 'late', '--config', join(mesh().dir, 'late.yaml')],
      { ...agentHost('late').env, XEM_CONFIG: '', XEM_JOIN_KEY: brief.value },
    );
    expect(late.code).toBe(78);
    expect(late.stderr).toContain(
      `join_key_expired: ${ERROR_CATALOG.join_key_expired.says}\n${ERROR_CATALOG.join_key_expired.fix}`,
    );
  },
);

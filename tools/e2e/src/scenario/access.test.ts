import { connectHttp } from '@xem/mcp/testing';
import type { Invocation } from '@xem/protocol';
import { expect } from 'vitest';
import { z } from 'zod';
import { call, codeOf, errorOf, send, type Answer } from '../mesh/api.ts';
import { ask, read, settled } from '../mesh/invoke.ts';
import { until } from '../mesh/mesh.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();

const Key = z.looseObject({ id: z.string(), value: z.string() });
type Key = z.infer<typeof Key>;

const KEYS = '/v1/management/api-keys';

/** What the CLI prints as JSON. */
async function ctl(...words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await xeroctl(mesh(), [...words, '-o', 'json']);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout.toString('utf8'));
}

/** A further key of the operator. */
async function mint(): Promise<Key> {
  const { body } = await call(mesh(), { path: '/v1/whoami' });
  const { principal } = z.object({ principal: z.object({ id: z.string() }) }).parse(body);
  const flags = ['--principal', principal.id, '--name', 'second', '--scope', 'execution'];
  return Key.parse(await ctl('keys', 'create', ...flags));
}

const bearer = ({ value }: Key) => ({ authorization: `Bearer ${value}` });

const statusWith = async (key: Key): Promise<number> =>
  (await call(mesh(), { path: '/v1/whoami', as: null, headers: bearer(key) })).status;

proves('access.revoked', 'a stream, a long poll and a tool call, each by its last words', async () => {
  const key = await mint();
  const asked = await ask(mesh(), { tool: 'demo_effect' });
  const stream = await send(mesh(), {
    path: '/v1/exec/executions/stream',
    as: null,
    headers: bearer(key),
  });
  const path = `/v1/exec/invocations/${asked.id}`;
  const waiting = call(mesh(), { path, as: null, headers: { ...bearer(key), prefer: 'wait=60' } });
  await using client = await connectHttp('auto', { url: mesh().facts.mcp_url, headers: bearer(key) });
  const calling = client.call('exec.get_invocation', { id: asked.id, wait_seconds: 50 });
  // Whoever revokes comes later than whoever waits.
  expect(await statusWith(key)).toBe(200);
  await ctl('keys', 'revoke', key.id);
  const refused = expect.stringContaining('authentication_required');
  expect(await stream.text()).toEqual(refused);
  expect(await waiting).toMatchObject({ status: 401, body: { error: { code: 'authentication_required' } } });
  expect(JSON.stringify(await calling)).toEqual(refused);
  expect(await statusWith(key)).toBe(401);
});

proves('access.rotation', 'with a grace of two seconds, from the command line', async () => {
  const old = await mint();
  const fresh = Key.parse(await ctl('keys', 'rotate', old.id, '--grace', '2s'));
  expect(fresh).toMatchObject({ rotated_from: old.id, scopes: ['execution'] });
  expect([await statusWith(old), await statusWith(fresh)]).toEqual([200, 200]);
  const events = await send(mesh(), { path: '/v1/exec/executions/stream', as: null, headers: bearer(old) });
  expect(await events.text()).toContain('authentication_required');
  await until('the end of the grace', async () => (await statusWith(old)) === 401);
  expect(await statusWith(fresh)).toBe(200);
  const shown = await call(mesh(), { path: `${KEYS}/${old.id}` });
  expect(shown.body).toMatchObject({ revoked_at: null, expires_at: expect.any(String) });
});

const Invited = z.looseObject({ id: z.string(), sign_in_link: z.object({ url: z.string() }) });

/** The first key of somebody, on the page that shows it. */
const shownKey = async (page: Response | undefined): Promise<string> =>
  /xero_[\w-]+/.exec((await page?.text()) ?? '')?.[0] ?? '';

proves('access.sign-in-link', 'opened by a scanner, then used by two at once', async () => {
  const bea = Invited.parse(await ctl('principals', 'create', '--kind', 'human', 'Bea'));
  const { url } = bea.sign_in_link;
  for (let opened = 0; opened < 3; opened += 1) {
    const shown = await fetch(url);
    expect([shown.status, (await shown.text()).includes('xero_')]).toEqual([200, false]);
  }
  const used = await Promise.all([url, url].map((link) => fetch(link, { method: 'POST' })));
  expect(used.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
  const value = await shownKey(used.find(({ status }) => status === 200));
  const { body } = await call(mesh(), {
    path: '/v1/whoami',
    as: null,
    headers: { authorization: `Bearer ${value}` },
  });
  expect(body).toMatchObject({ principal: { id: bea.id, kind: 'human', name: 'Bea' }, can_decide: false });
  const again = await xeroctl(mesh(), ['principals', 'sign-in-link', bea.id]);
  expect([again.code, again.stderr]).toEqual([8, expect.stringContaining('invalid_state')]);
});

/** Lets somebody in who may decide. */
async function letIn(name: string): Promise<Key> {
  const { id, sign_in_link: link } = Invited.parse(
    await ctl('principals', 'create', '--kind', 'human', name, '--can-decide'),
  );
  return { id, value: await shownKey(await fetch(link.url, { method: 'POST' })) };
}

proves(
  'access.latecomer',
  'somebody who is invited, and then put into a group, each while a call waits',
  async () => {
    const approve = ({ approval }: Invocation, key: Key): Promise<Answer> =>
      call(mesh(), {
        method: 'POST',
        path: `/v1/exec/approvals/${approval?.id}/approve`,
        as: null,
        headers: bearer(key),
        body: {},
      });
    const first = await ask(mesh(), { tool: 'demo_effect' });
    const late = await letIn('Cyd');
    expect(errorOf(await approve(first, late))).toMatchObject({
      code: 'approver_not_eligible',
      message: expect.stringContaining('after a call was asked for'),
    });
    const second = await ask(mesh(), { tool: 'demo_effect' });
    await ctl('principals', 'update', late.id, '--group', 'ops');
    expect(codeOf(await approve(second, late))).toBe('approver_not_eligible');
    const third = await ask(mesh(), { tool: 'demo_effect' });
    expect((await approve(third, late)).status).toBe(200);
    expect(await settled(mesh(), third.id)).toMatchObject({ status: 'completed' });
    for (const { id } of [first, second])
      expect(await read(mesh(), id)).toMatchObject({ status: 'pending_approval', attempt: 0 });
  },
);

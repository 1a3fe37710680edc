import { Approval } from '@xem/protocol';
import { expect, test } from 'vitest';
import { hiddenFields, testBrowser } from '../../testing/browser.ts';
import { inHttpWorld, invocationOf } from '../../testing/http-world.ts';
import { waitingCall } from '../../testing/waiting-call.ts';

test('approval.url of a gated call is the page that decides it', () =>
  inHttpWorld(async (world) => {
    const { approval } = await world.invoke({ tool: 'demo_effect' });
    expect(approval?.url).toBe(`${world.services.settings.publicUrl}/approvals/${approval?.id}`);
  }));

test('a page asks whoever is not signed in for a key, and shows nothing of the call', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke({ tool: 'demo_effect', args: { secret: 'planted' } });
    const answer = await testBrowser(world).open(`/approvals/${made.approval?.id}`);
    const text = await answer.text();
    expect(answer.status).toBe(401);
    expect(text).toContain('name="key"');
    expect(text).not.toContain('planted');
    expect(text).not.toContain('demo_effect');
  }));

test('a page carries the headers that keep it to itself', () =>
  inHttpWorld(async (world) => {
    const { browser, path } = await waitingCall(world);
    const { headers } = await browser.open(path);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-request-id')).not.toBeNull();
  }));

test('a form that another site sends is refused', () =>
  inHttpWorld(async (world) => {
    const { browser, path, page, state } = await waitingCall(world);
    const fields = hiddenFields(await page(), `${path}/approve`);
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'null' },
    ]) {
      expect((await browser.send(`${path}/approve`, fields, headers)).status).toBe(403);
    }
    expect(await state()).toBe('pending_approval');
  }));

test.each([
  ['no token', { csrf: '' }],
  ['a wrong token', { csrf: 'x'.repeat(43) }],
])('a form with %s is refused', (_name, fields) =>
  inHttpWorld(async (world) => {
    const { decide, state } = await waitingCall(world);
    expect((await decide('approve', fields)).status).toBe(403);
    expect((await decide('reject', fields)).status).toBe(403);
    expect(await state()).toBe('pending_approval');
  }),
);

test('the token of one session does not serve another', () =>
  inHttpWorld(async (world) => {
    const { path, page, state } = await waitingCall(world);
    const fields = hiddenFields(await page(), `${path}/approve`);
    const other = testBrowser(world);
    await other.signIn(world.seed.keys.operator);
    expect((await other.send(`${path}/approve`, fields)).status).toBe(403);
    expect(await state()).toBe('pending_approval');
  }));

test('opening pages decides nothing', () =>
  inHttpWorld(async (world) => {
    const { browser, path, state } = await waitingCall(world);
    await browser.open(path);
    expect((await browser.open(`${path}/approve`)).status).toBe(405);
    expect((await browser.open(`${path}?approve=1&confirm=demo_effect`)).status).toBe(200);
    expect(await state()).toBe('pending_approval');
  }));

test('a page shows exactly the call, with what would steer a display written out', () =>
  inHttpWorld(async (world) => {
    const args = { path: '/tmp/<b>x</b>', sneaky: 'txt\u202Eexe\u001b[31m', deep: { n: [1, 2] } };
    const { page } = await waitingCall(world, {
      tool: 'demo_wipe',
      args,
      reason: 'because <i>it</i> \u200Bmust',
    });
    const text = await page();
    expect(text).toContain('&quot;/tmp/&lt;b&gt;x&lt;/b&gt;&quot;');
    expect(text).toContain(String.raw`txt<mark>\u202e</mark>exe\u001b[31m`);
    expect(text).toContain(String.raw`because &lt;i&gt;it&lt;/i&gt; <mark>\u200b</mark>must`);
    expect(text).toContain('Wipes &lt;b&gt;everything&lt;/b&gt;');
    expect(text).toContain('irreversible');
    expect(text).toContain('any agent of the workspace');
    expect(text).toContain('60000 ms');
    expect(text).toContain('service (service) through rest');
    expect(text).toContain('has not run in this workspace before');
    for (const raw of ['\u202E', '\u001b', '\u200B', '<script', '<b>x']) expect(text).not.toContain(raw);
  }));

test('a page shows what differs from the last run of the tool', () =>
  inHttpWorld(async (world) => {
    const first = await waitingCall(world, { args: { host: 'a', same: 1 } });
    await first.decide('approve');
    const run = await world.call(`GET /v1/exec/invocations/${first.invocation.id}`);
    await world.finish(await invocationOf(run));
    const second = await waitingCall(world, { args: { host: 'b', same: 1 } });
    const text = await second.page();
    expect(text).toContain('<code>/host</code>');
    expect(text).toContain('<code>&quot;a&quot;</code>');
    expect(text).toContain('<code>&quot;b&quot;</code>');
    expect(text).not.toContain('<code>/same</code>');
  }));

test('approving lets the call go once, through the channel page', () =>
  inHttpWorld(async (world) => {
    const { decide, page, path, state, invocation } = await waitingCall(world);
    const answer = await decide('approve', { note: 'looks right' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, path]);
    expect(await state()).toBe('queued');
    const shown = await world.call(`GET /v1/exec/approvals/${invocation.approval?.id}`);
    const { decisions } = Approval.parse(await shown.json());
    expect(decisions).toMatchObject([
      { decision: 'approve', channel: 'page', note: 'looks right', decided_by: { name: 'approver' } },
    ]);
    const text = await page();
    expect(text).toContain('looks right');
    expect(text).not.toContain('<button class="approve">');
  }));

test('rejecting ends the call and tells its reason', () =>
  inHttpWorld(async (world) => {
    const { decide, page, state } = await waitingCall(world);
    expect((await decide('reject', { reason: 'not on a Friday' })).status).toBe(303);
    expect(await state()).toBe('rejected');
    expect(await page()).toContain('not on a Friday');
  }));

test('an irreversible call is approved only with its name typed back', () =>
  inHttpWorld(async (world) => {
    const { decide, state, page } = await waitingCall(world, { tool: 'demo_wipe' });
    expect(await page()).toContain('name="confirm"');
    for (const confirm of ['', 'demo_wip', 'DEMO_WIPE']) {
      const refused = await decide('approve', { confirm });
      expect(refused.status).toBe(400);
      expect(await refused.text()).toContain('role="alert"');
    }
    expect(await state()).toBe('pending_approval');
    expect((await decide('approve', { confirm: 'demo_wipe' })).status).toBe(303);
    expect(await state()).toBe('queued');
  }));

test('a form that shows another call than the one that waits settles it as stale', () =>
  inHttpWorld(async (world) => {
    const { decide, state } = await waitingCall(world);
    expect((await decide('approve', { call_sha256: '' })).status).toBe(409);
    expect(await state()).toBe('pending_approval');
    expect((await decide('approve', { call_sha256: 'a'.repeat(64) })).status).toBe(409);
    expect(await state()).toBe('rejected');
  }));

test('a second decision is told that the first one counted', () =>
  inHttpWorld(async (world) => {
    const { browser, path, page, decide } = await waitingCall(world);
    const fields = hiddenFields(await page(), `${path}/reject`);
    await decide('approve');
    const answer = await browser.send(`${path}/reject`, fields);
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('the approval is approved');
  }));

test('somebody of another project sees nothing of the call', () =>
  inHttpWorld(async (world) => {
    const { path } = await waitingCall(world, { args: { secret: 'planted' } });
    const stranger = testBrowser(world);
    await stranger.signIn(world.seed.keys.other_project);
    const answer = await stranger.open(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('planted');
  }));

test('an approval that does not exist, or is none, is a page that says so', () =>
  inHttpWorld(async (world) => {
    const { browser } = await waitingCall(world);
    expect((await browser.open('/approvals/01930000-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await browser.open('/approvals/nonsense')).status).toBe(404);
  }));

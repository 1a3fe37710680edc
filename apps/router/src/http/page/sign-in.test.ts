import { expect, test } from 'vitest';
import { hiddenFields, testBrowser } from '../../testing/browser.ts';
import { inHttpWorld } from '../../testing/http-world.ts';
import { waitingCall } from '../../testing/waiting-call.ts';

test('signing in sets a cookie for this host only, and goes on to the page that was asked for', () =>
  inHttpWorld(async (world) => {
    const browser = testBrowser(world);
    const next = '/approvals/01930000-0000-7000-8000-000000000000';
    const answer = await browser.signIn(world.seed.keys.approver, next);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(next);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^xem_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    expect(browser.cookie()).not.toContain(world.seed.keys.approver);
  }));

test.each([['https://evil.example/'], ['//evil.example'], ['/v1/whoami'], ['']])(
  'signing in never goes on to %j',
  (next) =>
    inHttpWorld(async (world) => {
      const answer = await testBrowser(world).signIn(world.seed.keys.approver, next);
      expect(answer.headers.get('location')).toBe('/ops');
    }),
);

test.each([
  ['an unknown key', 'xero_demo_nonsense', 401],
  ['nothing', '', 401],
])('signing in with %s answers the form again', (_name, key, status) =>
  inHttpWorld(async (world) => {
    const answer = await testBrowser(world).signIn(key);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await answer.text()).toContain('name="key"');
  }),
);

test('a service does not sign in', () =>
  inHttpWorld(async (world) => {
    const answer = await testBrowser(world).signIn(world.seed.keys.service);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
  }));

test('a browser that comes from another site is asked to come again from here', () =>
  inHttpWorld(async (world) => {
    const { path } = await waitingCall(world);
    const answer = await testBrowser(world).open(path, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('http-equiv="refresh"');
  }));

test('the overview lists what waits and what was asked for', () =>
  inHttpWorld(async (world) => {
    await world.invoke();
    const { browser, path } = await waitingCall(world);
    const text = await (await browser.open('/ops')).text();
    expect(text).toContain(`href="${path}"`);
    expect(text).toContain('demo_echo');
  }));

test('signing out ends the session, and a revoked key does too', () =>
  inHttpWorld(async (world) => {
    const { browser, page } = await waitingCall(world);
    const cookie = browser.cookie();
    const { csrf = '' } = hiddenFields(await page(), '/sign-out');
    const answer = await browser.send('/sign-out', { csrf });
    expect(answer.headers.get('set-cookie')).toMatch(/^xem_session=; .*Max-Age=0/);
    expect((await world.app.hono.request('/ops', { headers: { cookie } })).status).toBe(401);
    await browser.signIn(world.seed.keys.approver);
    expect((await browser.open('/ops')).status).toBe(200);
    const { keyId } = world.approver;
    await world.call(`POST /v1/management/api-keys/${keyId}/revoke`, { key: world.seed.keys.operator });
    expect((await browser.open('/ops')).status).toBe(401);
  }));

test('the style sheet is ours and small', () =>
  inHttpWorld(async ({ app }) => {
    const answer = await app.hono.request('/assets/page.css');
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect((await answer.text()).length).toBeLessThan(8000);
  }));

import { expect, test } from 'vitest';
import { z } from 'zod';
import { testBrowser } from '../../testing/browser.ts';
import { inHttpWorld, type HttpWorld } from '../../testing/http-world.ts';

const Invited = z.object({ sign_in_link: z.object({ url: z.string() }) });

/** The path of a new human's link. */
async function invite({ call, seed }: HttpWorld): Promise<string> {
  const body = { kind: 'human', name: 'Bea <b>' };
  const answer = await call('POST /v1/management/principals', { key: seed.keys.operator, body });
  const { sign_in_link: link } = Invited.parse(await answer.json());
  return new URL(link.url).pathname;
}

const keyIn = (page: string): string => /<pre>(xero_[\w-]+)<\/pre>/.exec(page)?.[1] ?? '';

test('a sign-in link that is opened does nothing; one that is sent hands out a key and a session, once', () =>
  inHttpWorld(async (world) => {
    const path = await invite(world);
    const browser = testBrowser(world);
    const before = await world.store.read.journal.head(world.seed.project_id);
    for (let opened = 0; opened < 3; opened += 1) {
      const shown = await browser.open(path);
      expect(shown.status).toBe(200);
      expect(shown.headers.get('set-cookie')).toBeNull();
      expect(shown.headers.get('referrer-policy')).toBe('no-referrer');
      expect(shown.headers.get('cache-control')).toBe('no-store');
      expect(await shown.text()).not.toContain('xero_');
    }
    expect(await world.store.read.journal.head(world.seed.project_id)).toEqual(before);

    const arrived = await browser.send(path, {});
    const page = await arrived.text();
    expect(arrived.status).toBe(200);
    expect(page).toContain('Welcome, Bea &lt;b&gt;');
    expect(arrived.headers.get('cache-control')).toBe('no-store');
    const key = keyIn(page);
    expect((await world.call('GET /v1/whoami', { key })).status).toBe(200);
    expect((await browser.open('/ops')).status).toBe(200);

    const again = await testBrowser(world).send(path, {});
    expect(again.status).toBe(401);
    expect(again.headers.get('set-cookie')).toBeNull();
    expect(await again.text()).not.toContain('xero_');
  }));

test('a sign-in link that another site sends is refused, and stays good', () =>
  inHttpWorld(async (world) => {
    const path = await invite(world);
    const crossed = await testBrowser(world).send(path, {}, { 'sec-fetch-site': 'cross-site' });
    expect(crossed.status).toBe(403);
    expect((await testBrowser(world).send(path, {})).status).toBe(200);
  }));

test('tries of sign-in links are counted by where they come from', () =>
  inHttpWorld(async (world) => {
    const statuses = [];
    for (let tried = 0; tried < 11; tried += 1)
      statuses.push((await testBrowser(world).send(`/sign-in/${'A'.repeat(43)}`, {})).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
  }));

test('tries from any address of one IPv6 network are counted together', () =>
  inHttpWorld(async ({ app }) => {
    const statuses = [];
    for (let tried = 0; tried < 11; tried += 1) {
      const incoming = { readableEnded: true, socket: { remoteAddress: `2001:db8:1:2::${tried}` } };
      const init = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
      statuses.push((await app.hono.request(`/sign-in/${'A'.repeat(43)}`, init, { incoming })).status);
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
  }));

test('no log line holds the token of a sign-in link or the key that it hands out', () =>
  inHttpWorld(async (world) => {
    const path = await invite(world);
    const page = await (await testBrowser(world).send(path, {})).text();
    const logged = JSON.stringify(world.logged);
    expect(logged).not.toContain(path.slice('/sign-in/'.length));
    expect(logged).not.toContain(keyIn(page));
  }));

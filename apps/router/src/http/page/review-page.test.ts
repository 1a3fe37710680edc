import { Approval } from '@xem/protocol';
import { expect, test } from 'vitest';
import { hiddenFields, testBrowser } from '../../testing/browser.ts';
import { inHttpWorld, type HttpWorld } from '../../testing/http-world.ts';
import { mintLink, openLinkAt, openReview, pathOf } from '../../testing/review.ts';

const stateOf = async (world: HttpWorld, id: string): Promise<string> => {
  const answer = await world.call(`GET /v1/exec/approvals/${id}`);
  return Approval.parse(await answer.json()).status;
};

const asked = async (world: HttpWorld, call: object = {}) => {
  const invocation = await world.invoke({ tool: 'demo_effect', args: { secret: 'planted' }, ...call });
  return { invocation, id: invocation.approval?.id ?? '' };
};

test('the address of a link may be opened by anybody, decides nothing and shows nothing of the call', () =>
  inHttpWorld(async (world) => {
    const { invocation, id } = await asked(world);
    const path = pathOf(await mintLink(world, invocation));
    for (const method of ['HEAD', 'GET', 'GET']) {
      const answer = await world.app.hono.request(path, { method });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await answer.text()).not.toMatch(/planted|demo_effect|<script/);
    }
    expect(await stateOf(world, id)).toBe('pending');
    expect(await openLinkAt(testBrowser(world), path)).toMatch(/^\/review\/lnk_[0-9a-f]{24}$/);
  }));

test('a link that nobody made looks like any other, and opens nothing', () =>
  inHttpWorld(async (world) => {
    const browser = testBrowser(world);
    const never = await browser.open(`/approve/${'A'.repeat(43)}`);
    expect(never.status).toBe(200);
    const answer = await browser.send('/approve', { token: 'A'.repeat(43) });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
  }));

test('a link is exchanged once, for a cookie that goes to its own pages only', () =>
  inHttpWorld(async (world) => {
    const { invocation } = await asked(world);
    const link = await mintLink(world, invocation);
    const token = pathOf(link).split('/').at(-1) ?? '';
    const answer = await testBrowser(world).send('/approve', { token });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(`^xem_review=[\\w-]{43}; Path=/review/${link.id}; HttpOnly; SameSite=Strict; Max-Age=900$`),
    );
    expect(answer.headers.get('set-cookie')).not.toContain(token);
    expect((await testBrowser(world).send('/approve', { token })).status).toBe(401);
  }));

test('a reviewer sees exactly the call, and their vote lets it run', () =>
  inHttpWorld(async (world) => {
    const { invocation, id } = await asked(world);
    const { page, decide, link } = await openReview(world, invocation);
    const text = await page();
    expect(text).toContain('planted');
    expect(text).not.toMatch(/Sign out|One-time link|Break the glass/);
    const answer = await decide('approve', { note: 'from the train' });
    expect([answer.status, await answer.text()]).toEqual([
      200,
      expect.stringContaining('Your decision counts'),
    ]);
    const shown = await world.call(`GET /v1/exec/approvals/${id}`);
    expect(Approval.parse(await shown.json())).toMatchObject({
      status: 'approved',
      decisions: [
        {
          channel: 'link',
          note: 'from the train',
          decided_by: {
            name: 'operator',
            via: { kind: 'link', id: link.id, of: world.approver.actor.id },
          },
        },
      ],
    });
    expect((await decide('approve')).status).toBe(401);
  }));

test('a reviewer rejects with a reason, and types the name of what cannot be undone', () =>
  inHttpWorld(async (world) => {
    const wipe = await asked(world, { tool: 'demo_wipe' });
    const review = await openReview(world, wipe.invocation);
    expect((await review.decide('approve', { confirm: 'demo' })).status).toBe(400);
    expect((await review.decide('reject', { reason: 'no' })).status).toBe(200);
    expect(await stateOf(world, wipe.id)).toBe('rejected');
  }));

test('two clicks at once are one vote', () =>
  inHttpWorld(async (world) => {
    const { invocation, id } = await asked(world);
    const { browser, path, page } = await openReview(world, invocation);
    const fields = hiddenFields(await page(), `${path}/approve`);
    const answers = await Promise.all([
      browser.send(`${path}/approve`, fields),
      browser.send(`${path}/approve`, fields),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const shown = await world.call(`GET /v1/exec/approvals/${id}`);
    expect(Approval.parse(await shown.json()).decisions).toHaveLength(1);
  }));

test.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
  ['another site sends', {}, { 'sec-fetch-site': 'cross-site' }],
  ['carries no token', { csrf: '' }, {}],
])('a form of a review that %s is refused', (_, fields, headers) =>
  inHttpWorld(async (world) => {
    const { invocation, id } = await asked(world);
    const { browser, path, page } = await openReview(world, invocation);
    const sent = { ...hiddenFields(await page(), `${path}/approve`), ...fields };
    expect((await browser.send(`${path}/approve`, sent, headers)).status).toBe(403);
    expect(await stateOf(world, id)).toBe('pending');
  }),
);

test('a review opens no other page: not another link’s, no approval and no API', () =>
  inHttpWorld(async (world) => {
    const [one, two] = [await asked(world), await asked(world)];
    const { browser } = await openReview(world, one.invocation);
    const other = await mintLink(world, two.invocation);
    expect((await browser.open(`/review/${other.id}`)).status).toBe(401);
    expect((await browser.open(`/approvals/${one.id}`)).status).toBe(401);
    expect((await browser.open('/ops')).status).toBe(401);
    const [, session = ''] = browser.cookie().split('=');
    expect((await world.call('GET /v1/whoami', { key: session })).status).toBe(401);
  }));

test('the token of a link is in no line of the log and no entry of the journal', () =>
  inHttpWorld(async (world) => {
    const { invocation } = await asked(world);
    const { link, browser, decide } = await openReview(world, invocation);
    await browser.send('/approve', { token: pathOf(link).split('/').at(-1) ?? '' });
    await decide('approve', { call_sha256: 'a'.repeat(64) });
    await browser.open(`${pathOf(link)}/nothing`);
    const journal = await world.call('GET /v1/exec/journal?limit=100', { key: world.seed.keys.operator });
    const told = JSON.stringify([world.logged, await journal.text()]);
    expect(told).toContain('approval.link_created');
    for (const secret of [pathOf(link).split('/').at(-1) ?? '', browser.cookie().split('=')[1] ?? ''])
      expect(told).not.toContain(secret);
  }));

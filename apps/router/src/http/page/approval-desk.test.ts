import { Approval } from '@xem/protocol';
import { expect, test } from 'vitest';
import { hiddenFields, testBrowser } from '../../testing/browser.ts';
import { inHttpWorld, type HttpWorld } from '../../testing/http-world.ts';
import { openLinkAt } from '../../testing/review.ts';
import { waitingCall } from '../../testing/waiting-call.ts';

const signedIn = async (world: HttpWorld, key: string) => {
  const browser = testBrowser(world);
  await browser.signIn(key);
  return browser;
};

test('a page hands a link to a named reviewer, and shows its address once', () =>
  inHttpWorld(async (world) => {
    const { browser, path, page } = await waitingCall(world);
    const before = await page();
    expect(before).toContain('>operator</option>');
    for (const absent of ['>service</option>', '>approver</option>', '>other_project</option>'])
      expect(before).not.toContain(absent);
    const fields = { ...hiddenFields(before, `${path}/links`), reviewer: world.operator.actor.id };
    const made = await (await browser.send(`${path}/links`, fields)).text();
    const [address = ''] = /http:[^<]+\/approve\/[\w-]{43}/.exec(made) ?? [];
    expect(await page()).not.toContain('/approve/');
    expect(await openLinkAt(testBrowser(world), new URL(address).pathname)).toContain('/review/lnk_');
  }));

test('a page breaks the glass for whoever may, and stays marked', () =>
  inHttpWorld(async (world) => {
    const { path, page, invocation } = await waitingCall(world);
    expect(await page()).not.toContain('break-glass');
    const browser = await signedIn(world, world.seed.keys.operator);
    const open = async (): Promise<string> => (await browser.open(path)).text();
    const fields = hiddenFields(await open(), `${path}/break-glass`);
    expect((await browser.send(`${path}/break-glass`, fields)).status).toBe(400);
    const sent = await browser.send(`${path}/break-glass`, { ...fields, reason: 'it <b>burns</b>' });
    expect(sent.status).toBe(303);
    const text = await page();
    expect(text).toContain('<span class="badge irreversible">break-glass</span>');
    expect(text).toContain('broke the glass');
    expect(text).toContain('it &lt;b&gt;burns&lt;/b&gt;');
    const shown = await world.call(`GET /v1/exec/approvals/${invocation.approval?.id}`);
    expect(Approval.parse(await shown.json())).toMatchObject({ kind: 'break_glass', status: 'approved' });
  }));

test('a form that breaks the glass without saying over what does nothing', () =>
  inHttpWorld(async (world) => {
    const { path, state } = await waitingCall(world);
    const browser = await signedIn(world, world.seed.keys.operator);
    const page = await (await browser.open(path)).text();
    const { csrf = '' } = hiddenFields(page, `${path}/break-glass`);
    expect((await browser.send(`${path}/break-glass`, { csrf, reason: 'now' })).status).toBe(409);
    expect(await state()).toBe('pending_approval');
  }));

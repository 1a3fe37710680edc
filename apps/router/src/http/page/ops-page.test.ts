import { expect, test } from 'vitest';
import { hiddenFields, testBrowser } from '../../testing/browser.ts';
import { inHttpWorld } from '../../testing/http-world.ts';
import { waitingCall } from '../../testing/waiting-call.ts';

/** The row of a page's table that links to a path. */
const rowOf = (page: string, path: string): string =>
  page.split('<tr>').find((row) => row.includes(`href="${path}"`)) ?? '';

test('the overview shows how many have agreed to what waits, and whether the reader may', () =>
  inHttpWorld(async (world) => {
    const { browser, path } = await waitingCall(world);
    const row = rowOf(await (await browser.open('/ops')).text(), path);
    expect(row).toContain('<td>0 of 1 (anybody)</td>');
    expect(row).toContain('<td>yes</td>');
  }));

test('the overview marks a call that somebody let run alone, and no other', () =>
  inHttpWorld(async (world) => {
    const { path, decide } = await waitingCall(world);
    await decide('approve');
    const glass = await waitingCall(world);
    const browser = testBrowser(world);
    await browser.signIn(world.seed.keys.operator);
    const action = `${glass.path}/break-glass`;
    const fields = hiddenFields(await (await browser.open(glass.path)).text(), action);
    expect((await browser.send(action, { ...fields, reason: 'the site is down' })).status).toBe(303);
    const page = await (await browser.open('/ops')).text();
    expect(rowOf(page, glass.path)).toContain('break-glass');
    expect(rowOf(page, path)).not.toContain('break-glass');
  }));

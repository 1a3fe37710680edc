import type { Invocation } from '@xem/protocol';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { effectsOf } from '../mesh/effects.ts';
import { approvalOf, ask, read, settled } from '../mesh/invoke.ts';
import { useBrowser } from '../mesh/use-browser.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const browse = useBrowser();

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 640 }, colorScheme: 'dark' };

/** Opens the page of an approval as an approver who signs in on the way, and collects what the browser complains of. */
async function openPage(
  call: Invocation,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browse(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(mesh().facts.router_url)) complaints.push(request.url());
  });
  await page.goto(call.approval?.url ?? '');
  complaints.length = 0;
  await page.getByLabel('API key').fill(mesh().facts.keys.approver);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: call.tool }).waitFor();
  return { page, complaints };
}

proves('gate.page', 'a human signs in, sees the arguments, approves, and the call runs once', async () => {
  const call = await ask(mesh(), { tool: 'demo_effect', args: { cluster: 'blue', sneaky: 'txt\u202Eexe' } });
  const { page, complaints } = await openPage(call);
  expect(page.url()).toBe(call.approval?.url);
  const shown = await page.locator('pre').innerText();
  expect(shown).toContain('"cluster": "blue"');
  expect(shown).toContain(String.raw`txt\u202eexe`);
  expect((await read(mesh(), call.id)).status).toBe('pending_approval');
  await page.getByLabel('Note').fill('seen on the page');
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByRole('status').waitFor();
  expect(await settled(mesh(), call.id)).toMatchObject({ status: 'completed' });
  expect(effectsOf(mesh(), call.id)).toHaveLength(1);
  expect((await approvalOf(mesh(), call)).decisions).toMatchObject([
    { channel: 'page', note: 'seen on the page' },
  ]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

proves('gate.page', 'a rejection on the page ends the call, and a second one finds it decided', async () => {
  const call = await ask(mesh(), { tool: 'demo_effect' });
  const { page } = await openPage(call);
  const late = await page.context().newPage();
  await late.goto(call.approval?.url ?? '');
  await page.getByLabel('Reason').fill('not on a Friday');
  await page.getByRole('button', { name: 'Reject' }).click();
  await page.getByRole('status').waitFor();
  await late.getByRole('button', { name: 'Approve' }).click();
  expect(await late.getByRole('alert').innerText()).toContain('rejected');
  expect(await settled(mesh(), call.id)).toMatchObject({ status: 'rejected' });
  expect(effectsOf(mesh(), call.id)).toEqual([]);
  await page.context().close();
});

proves('gate.page', 'on a phone, by keyboard alone, an irreversible call needs its name typed', async () => {
  const call = await ask(mesh(), { tool: 'demo_wipe', args: { path: `/${'long'.repeat(100)}` } });
  const { page } = await openPage(call, PHONE);
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(overflow).toBe(0);
  await page.getByLabel(/Type demo_wipe/).focus();
  await page.keyboard.press('Enter');
  expect((await read(mesh(), call.id)).status).toBe('pending_approval');
  await page.keyboard.type('demo_wipe');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('status').waitFor();
  expect(await settled(mesh(), call.id)).toMatchObject({ status: 'completed' });
  await page.context().close();
});

proves('gate.page', 'no script runs, no frame shows it, and its cookie is out of reach', async () => {
  const call = await ask(mesh(), { tool: 'demo_effect' });
  const { page } = await openPage(call);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: 'xem_session', httpOnly: true, sameSite: 'Strict', path: '/' });
  const injected = page.addScriptTag({ content: 'document.title = "owned"' });
  await expect(injected).rejects.toThrow(/Content Security Policy/);
  expect(await page.title()).not.toBe('owned');
  const outside = await page.context().newPage();
  await outside.setContent(`<iframe src="${call.approval?.url}"></iframe>`);
  const frame = outside.frames().at(1);
  expect(await frame?.getByRole('heading', { name: 'demo_effect' }).count()).toBe(0);
  await page.context().close();
});

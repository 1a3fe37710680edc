import { ApprovalLink, JournalEntry, WhoAmI, type Invocation } from '@xem/protocol';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { call, codeOf, type Role } from '../mesh/api.ts';
import { effectsOf } from '../mesh/effects.ts';
import { approvalOf, ask, decide, read, settled } from '../mesh/invoke.ts';
import { useBrowser } from '../mesh/use-browser.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const browse = useBrowser();

const idOf = ({ approval }: Invocation): string => approval?.id ?? '';

const principalOf = async (role: Role): Promise<string> =>
  WhoAmI.parse((await call(mesh(), { path: '/v1/whoami', as: role })).body).principal.id;

/** Has the approver make a link for the operator. */
async function linkTo(asked: Invocation): Promise<ApprovalLink> {
  const path = `/v1/exec/approvals/${idOf(asked)}/links`;
  const body = { reviewer: await principalOf('operator') };
  const answer = await call(mesh(), { method: 'POST', path, as: 'approver', body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return ApprovalLink.parse(answer.body);
}

/** The page that a reviewer without a key sees, in a browser without scripts. */
async function openLink({ url = '' }: ApprovalLink): Promise<Page> {
  const context = await browse({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: 'Show it' }).click();
  return page;
}

proves(
  'gate.link',
  'scanners open it, the reviewer votes without a script, and it is one vote of two people',
  async () => {
    const asked = await ask(mesh(), { tool: 'demo_effect', args: { cluster: 'green' } });
    const link = await linkTo(asked);
    for (const method of ['HEAD', 'GET']) {
      const scanned = await fetch(link.url ?? '', { method });
      expect([scanned.status, await scanned.text()]).toEqual([200, expect.not.stringContaining('green')]);
    }
    const page = await openLink(link);
    expect(new URL(page.url()).pathname).toBe(`/review/${link.id}`);
    expect(await page.locator('pre').innerText()).toContain('"cluster": "green"');
    expect(await read(mesh(), asked.id)).toMatchObject({ status: 'pending_approval' });
    await page.getByLabel('Note').fill('from a phone');
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await page.getByText('Your decision counts').count()).toBe(1);
    expect(await settled(mesh(), asked.id)).toMatchObject({ status: 'completed' });
    expect(effectsOf(mesh(), asked.id)).toHaveLength(1);
    const via = { kind: 'link', id: link.id, of: await principalOf('approver') };
    expect((await approvalOf(mesh(), asked)).decisions).toMatchObject([
      { channel: 'link', note: 'from a phone', decided_by: { id: await principalOf('operator'), via } },
    ]);
    const listed = await call(mesh(), { path: `/v1/exec/approvals/${idOf(asked)}/links` });
    expect(listed.body).toMatchObject({ data: [{ id: link.id, status: 'used' }], has_more: false });
    const again = await fetch(`${mesh().facts.router_url}/approve`, {
      method: 'POST',
      body: new URLSearchParams({ token: link.url?.split('/').at(-1) ?? '' }),
    });
    expect(again.status).toBe(401);
    await page.context().close();
  },
);

proves(
  'gate.link',
  'the vote of its maker ends it, and the token is in no entry of the journal',
  async () => {
    const asked = await ask(mesh(), { tool: 'demo_effect' });
    const link = await linkTo(asked);
    const page = await openLink(link);
    expect((await decide(mesh(), idOf(asked), { verb: 'reject', as: 'approver' })).status).toBe(200);
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('rejected');
    expect(effectsOf(mesh(), asked.id)).toEqual([]);
    const journal = await call(mesh(), { path: '/v1/exec/journal?limit=100' });
    const entries = JSON.stringify(journal.body);
    expect(entries).toContain(link.id);
    expect(entries).not.toContain(link.url?.split('/').at(-1));
    await page.context().close();
  },
);

const Entries = z.object({ data: z.array(JournalEntry) });

proves(
  'gate.break-glass',
  'only with the scope, only with a reason, over the call that was shown, and told to everybody',
  async () => {
    const asked = await ask(mesh(), { tool: 'demo_wipe' });
    const path = `/v1/exec/approvals/${idOf(asked)}/break-glass`;
    const { call_sha256 } = await approvalOf(mesh(), asked);
    const body = { reason: 'the cluster burns', confirm: 'demo_wipe', call_sha256 };
    for (const [as, code] of [
      ['service', 'scope_insufficient'],
      ['approver', 'scope_insufficient'],
      ['other_project', 'approval_not_found'],
    ] as const)
      expect(codeOf(await call(mesh(), { method: 'POST', path, as, body }))).toBe(code);
    for (const [wrong, code] of [
      [{ ...body, reason: ' ' }, 'invalid_body'],
      [{ ...body, confirm: 'demo_effect' }, 'confirmation_required'],
    ] as const)
      expect(codeOf(await call(mesh(), { method: 'POST', path, body: wrong }))).toBe(code);
    const headers = { 'x-xem-surface': 'mcp' };
    expect(codeOf(await call(mesh(), { method: 'POST', path, body, headers }))).toBe('approver_not_eligible');
    expect(effectsOf(mesh(), asked.id)).toEqual([]);
    expect((await call(mesh(), { method: 'POST', path, body })).status).toBe(200);
    expect(await settled(mesh(), asked.id)).toMatchObject({ status: 'completed' });
    expect(await approvalOf(mesh(), asked)).toMatchObject({
      kind: 'break_glass',
      decision_note: 'the cluster burns',
      decided_by: { via: { kind: 'break_glass' } },
    });
    const { body: page } = await call(mesh(), { path: '/v1/exec/journal?limit=100' });
    const entry = Entries.parse(page).data.find(({ type }) => type === 'approval.break_glass');
    expect(entry).toMatchObject({ data: { call_sha256, reason: 'the cluster burns' } });
  },
);

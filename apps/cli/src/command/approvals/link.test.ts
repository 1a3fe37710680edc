import { APPROVAL_ID, approvalSample, json, pageSample, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl } from '../../testing/terminal.ts';

const LINKS = `/v1/exec/approvals/${APPROVAL_ID}/links`;
const PRINCIPALS = 'GET /v1/management/principals';
const BEA = `prn_${'b'.repeat(24)}`;
const person = (id: string, name: string, kind = 'human') => ({ id, name, kind });

const linkSample = (over: object = {}): object => ({
  object: 'approval_link',
  id: `lnk_${'1'.repeat(24)}`,
  approval_id: APPROVAL_ID,
  reviewer: person(BEA, 'bea'),
  groups: [],
  status: 'active',
  expires_at: '2026-01-01T00:10:00.000Z',
  used_at: null,
  created_at: '2026-01-01T00:00:00.000Z',
  created_by: person(`prn_${'c'.repeat(24)}`, 'carl'),
  ...over,
});

const serving = () =>
  startServer({
    [`POST ${LINKS}`]: (_, response) =>
      json(response, linkSample({ url: 'http://xem/approve/t' }), { status: 201 }),
    [`GET ${LINKS}`]: (_, response) => json(response, pageSample([linkSample()])),
    [PRINCIPALS]: (_, response) =>
      json(
        response,
        pageSample([
          person(BEA, 'bea'),
          person(`prn_${'d'.repeat(24)}`, 'bea', 'service'),
          person(`prn_${'e'.repeat(24)}`, 'twin'),
          person(`prn_${'f'.repeat(24)}`, 'twin'),
        ]),
      ),
  });

test.each(['bea', BEA])(
  'approvals link names the reviewer %s and shows the address once',
  async (reviewer) => {
    await using server = await serving();
    const words = ['approvals', 'link', APPROVAL_ID, '--reviewer', reviewer, '--expires-in', '10m'];
    const { exit, stdout, stderr } = await xeroctl(words, server);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^URL +http:\/\/xem\/approve\/t$/im);
    expect(stderr).toContain('not shown again');
    const sent = server.received.find(({ method }) => method === 'POST');
    expect(JSON.parse(sent?.body ?? '')).toEqual({ reviewer: BEA, expires_in_seconds: 600 });
  },
);

test.each([
  ['nobody', 'no human has that name'],
  ['twin', 'more than one human'],
])('approvals link asks for an id when the name is %s', async (name, says) => {
  await using server = await serving();
  const { exit, stderr } = await xeroctl(['approvals', 'link', APPROVAL_ID, '--reviewer', name], server);
  expect([exit, stderr]).toEqual([2, expect.stringContaining(says)]);
});

test('approvals links lists them without their addresses', async () => {
  await using server = await serving();
  const { stdout } = await xeroctl(['approvals', 'links', APPROVAL_ID], server);
  expect(stdout).toMatch(/lnk_1+ +active +bea +carl/);
});

test('approvals break-glass shows the call, asks, and sends its reason; the list marks it', async () => {
  const broken = approvalSample({ status: 'approved', kind: 'break_glass' });
  await using server = await startServer({
    [`GET /v1/exec/approvals/${APPROVAL_ID}`]: (_, response) => json(response, approvalSample()),
    [`POST /v1/exec/approvals/${APPROVAL_ID}/break-glass`]: (_, response) => json(response, broken),
    'GET /v1/exec/approvals': (_, response) => json(response, pageSample([broken])),
  });
  const words = ['approvals', 'break-glass', APPROVAL_ID, '--reason', 'it burns'];
  const { exit, stdout, stderr } = await xeroctl(words, {
    baseUrl: server.baseUrl,
    attended: true,
    stdin: 'y',
  });
  expect(exit).toBe(0);
  expect(stderr).toMatch(/Tool +kubectl_drain/);
  expect(stdout).toMatch(/^Kind +break_glass$/m);
  const sent = server.received.find(({ method }) => method === 'POST');
  expect(JSON.parse(sent?.body ?? '')).toEqual({ reason: 'it burns', call_sha256: 'b'.repeat(64) });
  expect((await xeroctl(['approvals', 'list'], server)).stdout).toContain('approved (break-glass)');
  expect((await xeroctl(words, server)).exit).toBe(2);
});

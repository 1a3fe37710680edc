import {
  APPROVAL_ID,
  approvalSample,
  EXECUTION_ID,
  executionSample,
  json,
  pageSample,
  sendEvent,
  startServer,
  startStream,
  type Handler,
} from '@xem/client/testing';
import { expect, test } from 'vitest';
import { xeroctl, type World } from '../testing/terminal.ts';

const JOURNAL = 'GET /v1/exec/executions/stream';

const entry = (seq: number, type: string, over = {}): object => ({
  object: 'journal_entry',
  seq,
  at: '2026-01-01T00:00:00.000Z',
  type,
  actor: { kind: 'system' },
  surface: 'rest',
  subject: { type: type.split('.')[0], id: `subject-${seq}` },
  refs: {},
  data: {},
  ...over,
});

const ended = (seq: number, id: string): object =>
  entry(seq, 'execution.ended', { refs: { execution_id: id } });

/** Sends these entries, and then nothing more. */
const tells =
  (...entries: readonly object[]): Handler =>
  (_, response) => {
    startStream(response);
    for (const [at, data] of entries.entries())
      sendEvent(response, { event: 'entry', data, id: `${at + 1}` });
  };

/** Presses Ctrl-C once `text` was written. */
function until(text: string, baseUrl: string): World {
  let interrupt: (() => void) | undefined;
  return {
    baseUrl,
    onReady: (press) => (interrupt = press),
    onOutput: (written) => written.includes(text) && interrupt?.(),
  };
}

test('exec stream prints entries until Ctrl-C', async () => {
  await using server = await startServer({
    [JOURNAL]: tells(entry(1, 'invocation.created'), entry(2, 'invocation.completed')),
  });
  const words = ['exec', 'stream', '--types', 'invocation.created,invocation.completed', '--after-seq', '0'];
  const { exit, stdout } = await xeroctl(words, until('subject-2', server.baseUrl));
  expect(exit).toBe(130);
  expect(stdout).toMatch(
    /^Seq +At +Type +Subject\n1 +\S+ +invocation.created +subject-1\n2 +\S+ +invocation.completed +subject-2\n$/,
  );
  const query = new URL(server.received[0]?.url ?? '', server.baseUrl).searchParams;
  expect(Object.fromEntries(query)).toEqual({
    types: 'invocation.created,invocation.completed',
    after_seq: '0',
  });
});

test('exec stream -o json prints one entry a line', async () => {
  const entries = [entry(1, 'invocation.created'), entry(2, 'invocation.completed')];
  await using server = await startServer({ [JOURNAL]: tells(...entries) });
  const { stdout } = await xeroctl(['exec', 'stream', '-o', 'json'], until('subject-2', server.baseUrl));
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toEqual(entries);
});

test('exec list --follow goes on with runs as they end, those that pass the filter', async () => {
  const other = EXECUTION_ID.replace('0193bbbb', '0193dddd');
  await using server = await startServer({
    'GET /v1/exec/executions': (_, response) => json(response, pageSample([executionSample()])),
    [JOURNAL]: tells(ended(1, other), ended(2, EXECUTION_ID)),
    [`GET /v1/exec/executions/${EXECUTION_ID}`]: (_, response) =>
      json(response, executionSample({ exit_code: 77 })),
    [`GET /v1/exec/executions/${other}`]: (_, response) => json(response, executionSample({ tool: 'other' })),
  });
  const words = ['exec', 'list', '--follow', '--tool', 'kubectl_get'];
  const { exit, stdout } = await xeroctl(words, until('  77  ', server.baseUrl));
  expect(exit).toBe(130);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)[3]),
  ).toEqual(['Exit Code', '0', '77']);
});

test('approvals watch shows what waits, and what changes', async () => {
  await using server = await startServer({
    'GET /v1/exec/approvals': (_, response) => json(response, pageSample([approvalSample()])),
    [JOURNAL]: tells(entry(1, 'approval.approved', { subject: { type: 'approval', id: APPROVAL_ID } })),
    [`GET /v1/exec/approvals/${APPROVAL_ID}`]: (_, response) =>
      json(response, approvalSample({ status: 'approved' })),
  });
  const { exit, stdout } = await xeroctl(['approvals', 'watch'], until('approved', server.baseUrl));
  expect(exit).toBe(130);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)[1]),
  ).toEqual(['Status', 'pending', 'approved']);
  expect(server.received[0]?.url).toContain('status=pending');
});

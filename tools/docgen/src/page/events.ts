import { ENTRY_TYPES, HEARTBEAT_MS, STREAM_EVENTS } from '@xem/protocol';
import { code, codes, page, table } from '../markdown.ts';
import { deepFieldsTable } from './fields.ts';

const STREAM_MEANING: Readonly<Record<keyof typeof STREAM_EVENTS, string>> = {
  snapshot: 'First event of an invocation’s stream: the invocation as it is.',
  output: 'A chunk of output, as `text`, or as `base64` when it is not valid UTF-8 by itself.',
  settled: 'Last event of an invocation’s stream: the invocation at its end.',
  gap: 'Retention removed what was asked for; the stream goes on from `first_seq`.',
  error: 'An error envelope; the stream ends after it.',
};

const INTRO = `The journal is one chain of entries for each project: \`seq\` starts at 1 and has no gaps, and each entry holds the hash of the one before. It is the audit log, the source of the streams and the outbox of the webhooks in one.`;

const TIMED_OUT = `An \`invocation.rejected\` whose approval expired is sent as \`exec.approval_timed_out\`. What webhooks are sent, and how they check it: [webhooks](../guide/webhooks.md).`;

const DATA = `\`data\` holds no arguments, no output and no secrets. Its members by the type of entry; types without members have an empty \`data\`. Entries that an earlier router wrote may lack what was added since.`;

/** Types whose `data` has the same members share a table. */
function dataBlocks(): readonly string[] {
  const types = Object.entries(ENTRY_TYPES).map(([type, { data }]) => ({ type, data }));
  const tables = Map.groupBy(types, ({ data }) => deepFieldsTable(data, new Set()));
  return [...tables].flatMap(([members, alike]) =>
    members === null ? [] : [`### ${alike.map(({ type }) => type).join(', ')}`, members],
  );
}

const STREAMS = `\`GET /v1/exec/executions/stream\` sends every entry of the project: \`event:\` is the entry's type, \`id:\` its \`seq\`. \`GET /v1/exec/invocations/{id}/stream\` sends a snapshot, the entries of one invocation, its output and its end; its \`id:\` is \`<seq>.<attempt>.<stdout offset>.<stderr offset>\`, everything up to which was sent. Both resume after \`Last-Event-ID\` and send a heartbeat every ${HEARTBEAT_MS / 1000} s.`;

/** The reference of journal entries and stream events. */
export const eventsPage = (): string =>
  page('Events', [
    INTRO,
    '## Journal entries',
    table(
      ['Type', 'Webhook'],
      Object.entries(ENTRY_TYPES).map(([type, { webhook }]) => [
        code(type),
        codes(webhook === null ? [] : [webhook]),
      ]),
    ),
    TIMED_OUT,
    '## Data of entries',
    DATA,
    ...dataBlocks(),
    '## Streams',
    STREAMS,
    table(
      ['Event', 'Meaning'],
      Object.entries(STREAM_EVENTS).map(([name, event]) => [
        code(event),
        Object.entries(STREAM_MEANING).find(([key]) => key === name)?.[1] ?? '',
      ]),
    ),
  ]);

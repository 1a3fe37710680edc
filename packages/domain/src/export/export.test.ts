import {
  DAY_MS,
  entryHash,
  ExecutionLine,
  exportExecutions,
  exportJournal,
  JournalEntry,
  JournalExportEnd,
  JournalExportHeader,
  WorkspaceId,
  type InputOf,
} from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import { makeAgentId, makeExecution, makeInvocation } from '@xem/store/testing';
import { expect, test } from 'vitest';
import type { VerbContext } from '../context.ts';
import { cutJournal } from '../journal/cut.ts';
import { isSignedBy } from '../journal/signed-head.ts';
import { inWorld, type TestWorld } from '../testing/index.ts';
import { create as createWorkspace } from '../workspace/create.ts';
import { executions } from './executions.ts';
import { journal } from './journal.ts';

async function read(lines: Promise<AsyncIterable<Uint8Array>>): Promise<readonly unknown[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of await lines) pieces.push(piece);
  const text = Buffer.concat(pieces).toString('utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

const executionsOf = async (ctx: VerbContext, input: InputOf<typeof exportExecutions> = {}) =>
  (await read(executions(ctx, exportExecutions.input.parse(input)))).map((line) => ExecutionLine.parse(line));

async function journalOf(ctx: VerbContext, input: InputOf<typeof exportJournal> = {}) {
  const lines = await read(journal(ctx, exportJournal.input.parse(input)));
  return {
    header: JournalExportHeader.parse(lines[0]),
    entries: lines.slice(1, -1).map((line) => JournalEntry.parse(line)),
    end: JournalExportEnd.parse(lines.at(-1)),
  };
}

/** Puts ended runs into the store, each ten milliseconds after the one before. */
async function runs({ store, services, clock, operator, seed }: TestWorld, count: number): Promise<void> {
  const workspace = await store.read.workspaces.get(operator.projectId, WorkspaceId.parse(seed.workspace_id));
  if (!workspace) throw new Error('the demo workspace is gone');
  const making = { clock, ids: services.ids };
  const agentId = makeAgentId(making);
  for (let nth = 0; nth < count; nth++) {
    await clock.advance(10);
    const tool = nth % 2 === 0 ? 'demo_echo' : 'demo_write';
    const call = makeInvocation(making, workspace, { tool, status: 'completed' });
    const execution = makeExecution(making, call, { agentId, status: 'completed' });
    await store.transact(async (tx) => {
      await tx.invocations.insert(call);
      await tx.executions.insert(execution);
    });
  }
}

test('export.executions writes every execution once, newest first, with its invocation', () =>
  inWorld(async (world) => {
    await runs(world, 120);
    const lines = await executionsOf(world.operator);
    expect(lines).toHaveLength(120);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(120);
    expect(lines.map((line) => line.created_at)).toEqual(
      lines
        .map((line) => line.created_at)
        .toSorted()
        .toReversed(),
    );
    for (const line of lines)
      expect(line.invocation).toMatchObject({ id: line.invocation_id, status: 'completed' });
  }));

test('export.executions filters as the list does, from one time on and up to another', () =>
  inWorld(async (world) => {
    const after = toTimestamp(world.clock.now() + 10);
    await runs(world, 6);
    const before = toTimestamp(world.clock.now());
    const count = async (input: InputOf<typeof exportExecutions>): Promise<number> =>
      (await executionsOf(world.operator, input)).length;
    expect(await count({ tool: 'demo_write' })).toBe(3);
    expect(await count({ created_after: after, created_before: before })).toBe(5);
    expect(await count({ created_after: before })).toBe(1);
    expect(await count({ created_after: after })).toBe(6);
    expect(await count({ status: 'failed' })).toBe(0);
    expect(await count({ workspace_id: 'ws_00000000' })).toBe(0);
    expect(await executionsOf(world.foreigner)).toEqual([]);
  }));

test('an export tells the journal what was asked, and by whom, before its first byte', () =>
  inWorld(async ({ operator, store }) => {
    const input = exportExecutions.input.parse({ tool: 'demo_echo' });
    await executions(operator, input);
    const [entry] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    expect(entry).toMatchObject({
      type: 'export.created',
      actor: { id: operator.caller.principal.id },
      subject: { type: 'export', id: expect.stringMatching(/^exp_/) },
      data: { what: 'executions', tool: 'demo_echo' },
    });
  }));

test('export.journal writes a chain that holds, its own entry in it, with a signed end', () =>
  inWorld(async (world) => {
    const { operator } = world;
    for (let nth = 0; nth < 250; nth++) await createWorkspace(operator, { name: `w${nth}` });
    const { header, entries, end: last } = await journalOf(operator);
    expect(header).toMatchObject({
      project_id: operator.projectId,
      from_seq: 1,
      to_seq: entries.length,
      checkpoint: null,
    });
    for (const [at, { hash, ...entry }] of entries.entries()) {
      expect(entry.seq).toBe(at + 1);
      expect(entryHash(entry)).toBe(hash);
    }
    const newest = entries.at(-1);
    expect(newest).toMatchObject({ type: 'export.created', data: { what: 'journal' } });
    expect(last).toMatchObject({ entries: entries.length, head: { seq: newest?.seq, hash: newest?.hash } });
    expect(last.head && isSignedBy(header.signing_key, last.head)).toBe(true);
  }));

test('export.journal writes a range, and says where retention has cut the chain off', () =>
  inWorld(async (world) => {
    const { operator, services, clock } = world;
    const part = await journalOf(operator, { from_seq: 2, to_seq: 4 });
    expect(part.entries.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    expect(part.end.head?.seq).toBe(4);
    await clock.advance(200_000_000);
    const settings = { ...services.settings, journalRetentionMs: DAY_MS };
    await cutJournal({ ...services, settings }, operator.projectId);
    const { header, entries } = await journalOf(operator);
    expect(header.checkpoint).toMatchObject({ seq: header.from_seq - 1, hash: entries[0]?.prev_hash });
    expect(header.checkpoint && isSignedBy(header.signing_key, header.checkpoint)).toBe(true);
    await expect(journalOf(operator, { from_seq: 1 })).rejects.toMatchObject({
      code: 'invalid_body',
      param: '/from_seq',
    });
  }));

test('export.journal does not vouch for a chain in doubt', () =>
  inWorld(async ({ operator }) => {
    operator.chains.castDoubt(operator.projectId, 2);
    expect((await journalOf(operator)).end.head).toBeNull();
  }));

test.each([
  [{ from_seq: 5, to_seq: 4 }, '/to_seq'],
  [{ to_seq: 9999 }, '/to_seq'],
])('export.journal refuses the range %j', (input, param) =>
  inWorld(({ operator }) =>
    expect(journalOf(operator, input)).rejects.toMatchObject({ code: 'invalid_body', param }),
  ),
);

test.each(['service', 'inference'] as const)('exports refuse the %s key', (who) =>
  inWorld(async (world) => {
    const refusal = { code: 'scope_insufficient', status: 403 };
    await expect(executionsOf(world[who])).rejects.toMatchObject(refusal);
    await expect(journalOf(world[who])).rejects.toMatchObject(refusal);
    const { journal: entries } = world.store.read;
    expect(await entries.list(world.operator.projectId, { types: ['export.created'] }, { limit: 1 })).toEqual(
      [],
    );
  }),
);

test('an export reads no further than its reader', () =>
  inWorld(async (world) => {
    const { approver, store } = world;
    await runs(world, 120);
    let pages = 0;
    const { executions: rows } = store.read;
    const counted = {
      ...rows,
      list: (...query: Parameters<typeof rows.list>) => ((pages += 1), rows.list(...query)),
    };
    const ctx = { ...approver, store: { ...store, read: { ...store.read, executions: counted } } };
    const lines = (await executions(ctx, { format: 'ndjson' }))[Symbol.asyncIterator]();
    expect(pages).toBe(0);
    await lines.next();
    expect(pages).toBe(1);
    await lines.return?.();
    expect(pages).toBe(1);
  }));

import { expect, test } from 'vitest';
import type { Evidence, Violation } from '../evidence/evidence.ts';
import type { LedgerLine } from '../evidence/ledger.ts';
import { goodEvidence, sealed } from '../testing/good-evidence.ts';
import { check } from './check.ts';

type Break = (good: Evidence) => Partial<Evidence>;
type Rows = 'invocations' | 'executions' | 'approvals';

/** Changes the first row of a table. */
const first =
  <Table extends Rows>(table: Table, change: Partial<Evidence[Table][number]>): Break =>
  (good) => ({ [table]: good[table].map((row, at) => (at === 0 ? { ...row, ...change } : row)) });

const line =
  (added: LedgerLine): Break =>
  ({ ledger }) => ({ ledger: [...ledger, added] });

const without =
  (type: string): Break =>
  ({ entries }) => ({ entries: sealed(entries.filter((entry) => entry.type !== type)) });

const account =
  (change: Partial<Evidence['accounts'][number]>): Break =>
  ({ accounts }) => ({ accounts: accounts.map((row) => ({ ...row, ...change })) });

const A = { project: 'prj_a', at: 0 };

test('check finds nothing in what is as it should be', () => {
  expect(check(goodEvidence())).toEqual([]);
});

test.each<[Violation['invariant'], string, Break]>([
  [
    'I1',
    'a call that was acknowledged and lost',
    ({ invocations }) => ({ invocations: invocations.slice(0, 1) }),
  ],
  ['I1', 'a call that is another than was asked for', first('invocations', { tool: 'demo_wipe' })],
  [
    'I1',
    'two calls of one idempotency key',
    ({ ledger }) => ({
      ledger: ledger.map((one) => (one.kind === 'created' ? { ...one, idempotency_key: 'one' } : one)),
    }),
  ],
  ['I1', 'an end that changed', line({ kind: 'saw', ...A, invocation_id: 'inv_gated', status: 'failed' })],
  ['I1', 'a call open beyond its deadline', first('invocations', { status: 'running', deadline_at: 1 })],
  ['I1', 'an open call without a deadline', first('invocations', { status: 'running' })],
  [
    'I1',
    'two ends in the journal',
    ({ entries }) => ({
      entries: sealed(
        entries.flatMap((entry) =>
          entry.type === 'invocation.completed' ? [entry, { ...entry, type: 'invocation.failed' }] : [entry],
        ),
      ),
    }),
  ],
  ['I1', 'a decision that was taken back', first('approvals', { status: 'expired' })],

  ['I2', 'an effect that happened twice', ({ effects }) => ({ effects: [...effects, ...effects] })],
  [
    'I2',
    'an effect of no call',
    ({ effects }) => ({ effects: effects.map((one) => ({ ...one, invocation_id: 'x' })) }),
  ],
  [
    'I2',
    'an effect of no attempt',
    ({ effects }) => ({ effects: effects.map((one) => ({ ...one, attempt: 2 })) }),
  ],
  [
    'I2',
    'other arguments',
    ({ effects }) => ({ effects: effects.map((one) => ({ ...one, args: { step: 2 } })) }),
  ],
  ['I2', 'no approval', first('invocations', { approval: null })],
  ['I2', 'an approval that was not given', first('approvals', { status: 'rejected' })],
  ['I2', 'an approval of another call', first('approvals', { invocation_id: 'inv_read' })],
  ['I2', 'a decision after the end of its time', first('approvals', { decided_at: 1_000_000 })],
  ['I2', 'a decision over another call', first('invocations', { timeout_ms: 1 })],
  [
    'I2',
    'a decision of a service',
    first('approvals', { decisions: [{ decision: 'approve', decided_by: { id: 'prn_service' } }] }),
  ],
  ['I2', 'a dispatch that nobody approved', without('approval.approved')],
  [
    'I2',
    'an approval that serves two calls',
    ({ invocations }) => ({ invocations: invocations.map((row) => ({ ...row, approval: { id: 'apr_a' } })) }),
  ],

  [
    'I3',
    'an attempt that is there twice',
    ({ executions }) => ({ executions: [...executions, ...executions] }),
  ],
  ['I3', 'an attempt beyond the number of its call', first('executions', { attempt: 2 })],
  ['I3', 'a result of another agent', first('invocations', { agent_id: 'agt_old' })],
  ['I3', 'a result that came too late', first('executions', { evidence: 1 })],
  ['I3', 'a result that is not its attempt’s', first('executions', { exit_code: 7 })],
  [
    'I3',
    'an outcome that its call went on without',
    first('invocations', { execution_id: null, result: null }),
  ],
  [
    'I3',
    'an attempt that two agents ran',
    ({ agentMemories }) => ({
      agentMemories: [...agentMemories, ...agentMemories.map((one) => ({ ...one, agent_id: 'agt_two' }))],
    }),
  ],
  ['I3', 'an acknowledged result that the router has not', first('executions', { status: 'running' })],

  ['I4', 'bytes that are gone', () => ({ outputs: [] })],
  [
    'I4',
    'bytes that were changed',
    ({ outputs }) => ({ outputs: outputs.map((one) => ({ ...one, sha256: 'f'.repeat(64) })) }),
  ],
  [
    'I4',
    'bytes the tool did not write',
    ({ invocations }) => ({
      invocations: invocations.map((row) => ({ ...row, tool: 'demo_echo', args: { n: 2 } })),
    }),
  ],
  [
    'I4',
    'a missing range that cannot be',
    first('executions', { stdout: { bytes: 4, sha256: '', truncated: false, missing: [[2, 9]] } }),
  ],
  [
    'I4',
    'other bytes than were told of',
    line({ kind: 'read', ...A, execution_id: 'exe_inv_read', stream: 'stdout', bytes: 1, sha256: '' }),
  ],

  ['I5', 'an entry that is missing', ({ entries }) => ({ entries: entries.filter(({ seq }) => seq !== 3) })],
  [
    'I5',
    'an entry that was changed',
    ({ entries }) => ({
      entries: entries.map((one) => (one.seq === 3 ? { ...one, data: { forged: 1 } } : one)),
    }),
  ],
  [
    'I5',
    'an entry that follows another',
    ({ entries }) => ({ entries: entries.map((one) => (one.seq === 3 ? { ...one, prev_hash: '' } : one)) }),
  ],
  ['I5', 'a tail that was cut off', line({ kind: 'head', ...A, seq: 99, hash: '' })],
  ['I5', 'a change without its entry', without('execution.ended')],
  ['I5', 'an entry without its row', ({ approvals }) => ({ approvals: approvals.slice(1) })],

  ['I6', 'a row of another project', first('executions', { workspace_id: 'ws_b' })],
  [
    'I6',
    'an entry that names another project’s agent',
    ({ entries }) => ({
      entries: sealed(entries.map((one) => ({ ...one, refs: { ...one.refs, agent_id: 'agt_b' } }))),
    }),
  ],
  [
    'I6',
    'what another project was shown',
    line({ kind: 'shown', project: 'prj_b', at: 0, ids: ['inv_read'] }),
  ],
  ['I6', 'an answer to another project', line({ kind: 'trespassed', ...A, path: '/x', http: 200 })],

  [
    'I7',
    'a join key used too often',
    ({ joinKeyUses }) => ({ joinKeyUses: [...joinKeyUses, ...joinKeyUses] }),
  ],
  [
    'I7',
    'a reservation that stays',
    ({ joinKeyUses }) => ({ joinKeyUses: joinKeyUses.map((use) => ({ ...use, status: 'reserved' })) }),
  ],

  ['I7', 'credit that was spent and not granted', account({ granted: 5 })],
  ['I7', 'credit that stays reserved', account({ reserved: 62 })],
  ['I7', 'credit that was settled twice', account({ settled: 12 })],
  ['I7', 'credit that an open call holds and nobody kept back', first('invocations', { status: 'running' })],
  ['I7', 'a call that cost more than was kept back', first('invocations', { credit_reserved: 2 })],
  [
    'I7',
    'an end that was summed up twice',
    () => ({ usage: [{ project_id: 'prj_a', calls: 3, credit: 6 }] }),
  ],
  ['I7', 'an end that was left out of the sums', () => ({ usage: [] })],
  [
    'I7',
    'ends beyond those that were summed up',
    () => ({ cursors: [{ reader: 'usage', project_id: 'prj_a', seq: 1 }] }),
  ],

  ['I8', 'a slow recovery', line({ kind: 'healed', ...A, fault: 'a crash', took_ms: 10_001 })],
  ['I8', 'no recovery', line({ kind: 'healed', ...A, fault: 'a crash', took_ms: null })],
  [
    'orphans',
    'a process that outlived its run',
    () => ({ processes: [{ pid: 1, execution_id: 'exe_inv_read' }] }),
  ],
])('check finds by %s %s', (invariant, _, broke) => {
  const good = goodEvidence();
  const found = check({ ...good, ...broke(good) }).map((violation) => violation.invariant);
  expect(found).toContain(invariant);
});

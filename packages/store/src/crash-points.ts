import type { CrashPoint } from '@xem/runtime';
import type { Store, WriteTx } from './store.ts';

/** Writes that no entry tells of, by the points they pass. */
export const QUIET_WRITES = ['delivery.made', 'delivery.recorded', 'journal.cut'] as const;
type QuietWrite = (typeof QUIET_WRITES)[number];

/** A write that is noted when it is done. */
async function noted<Result>(passed: string[], name: QuietWrite, writing: Promise<Result>): Promise<Result> {
  const result = await writing;
  passed.push(name);
  return result;
}

/** A transaction that writes down what it passes: the types of the entries it adds, and the quiet writes. */
const watched = (tx: WriteTx, passed: string[]): WriteTx => ({
  invocations: tx.invocations,
  executions: tx.executions,
  approvals: tx.approvals,
  approvalLinks: tx.approvalLinks,
  policies: tx.policies,
  agents: tx.agents,
  workspaces: tx.workspaces,
  joinKeys: tx.joinKeys,
  access: tx.access,
  idempotency: tx.idempotency,
  maintenance: tx.maintenance,
  credit: tx.credit,
  usage: tx.usage,
  webhooks: tx.webhooks,
  deliveries: {
    ...tx.deliveries,
    insert: (row) => noted(passed, 'delivery.made', tx.deliveries.insert(row)),
    save: (row) => noted(passed, 'delivery.recorded', tx.deliveries.save(row)),
  },
  cursors: tx.cursors,
  outputs: tx.outputs,
  journal: {
    ...tx.journal,
    cut: (checkpoint) => noted(passed, 'journal.cut', tx.journal.cut(checkpoint)),
    append: async (drafts) => {
      await tx.journal.append(drafts);
      passed.push(...drafts.map(({ type }) => type));
    },
  },
});

const QUIET: ReadonlySet<string> = new Set(QUIET_WRITES);

/**
 * A store that passes crash points, `before-commit:<type>` and `after-commit:<type>` for each entry and each quiet write:
 * before anything of its transaction is durable, and when all of it is and nobody has heard of it.
 */
export function withCrashPoints(store: Store, crash: CrashPoint): Store {
  store.onCommit((entries) => {
    for (const { type } of entries) crash.reach(`after-commit:${type}`);
  });
  return {
    ...store,
    transact: async (body) => {
      const quiet: string[] = [];
      const result = await store.transact(async (tx) => {
        const passed: string[] = [];
        const made = await body(watched(tx, passed));
        for (const name of passed) crash.reach(`before-commit:${name}`);
        quiet.push(...passed.filter((name) => QUIET.has(name)));
        return made;
      });
      for (const name of quiet) crash.reach(`after-commit:${name}`);
      return result;
    },
  };
}

import type { CrashPoint } from '@xem/runtime';
import type { EntryDraft } from './journal.ts';
import type { Store, WriteTx } from './store.ts';

/** A transaction that writes down which entries it adds. */
const watched = (tx: WriteTx, added: EntryDraft[]): WriteTx => ({
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
  deliveries: tx.deliveries,
  cursors: tx.cursors,
  outputs: tx.outputs,
  journal: {
    ...tx.journal,
    append: async (drafts) => {
      await tx.journal.append(drafts);
      added.push(...drafts);
    },
  },
});

/**
 * A store that passes crash points, `before-commit:<type>` and `after-commit:<type>` for each entry: before anything
 * of its transaction is durable, and when all of it is and nobody has heard of it.
 */
export function withCrashPoints(store: Store, crash: CrashPoint): Store {
  store.onCommit((entries) => {
    for (const { type } of entries) crash.reach(`after-commit:${type}`);
  });
  return {
    ...store,
    transact: (body) =>
      store.transact(async (tx) => {
        const added: EntryDraft[] = [];
        const result = await body(watched(tx, added));
        for (const { type } of added) crash.reach(`before-commit:${type}`);
        return result;
      }),
  };
}

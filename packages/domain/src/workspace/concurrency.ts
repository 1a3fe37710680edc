import type { Concurrency } from '@xem/protocol';
import type { WorkspaceConcurrency, WorkspaceRecord } from '@xem/store';

/** What holds in a workspace that says nothing: no limit, and one destructive call at a time. */
const DEFAULT: WorkspaceConcurrency = { max: null, perTool: {}, exclusiveDestructive: true };

/** How many calls may run at once in a workspace. */
export const concurrencyOf = ({ concurrency }: Pick<WorkspaceRecord, 'concurrency'>): WorkspaceConcurrency =>
  concurrency ?? DEFAULT;

/** The limits of a workspace as they travel. */
export const presentConcurrency = ({
  max,
  perTool,
  exclusiveDestructive,
}: WorkspaceConcurrency): Concurrency => ({
  max,
  per_tool: { ...perTool },
  exclusive_destructive: exclusiveDestructive,
});

type Change = { readonly [Key in keyof Concurrency]?: Concurrency[Key] | undefined };

/** Limits after a change; what the change does not name stays. */
export const changedConcurrency = (before: WorkspaceConcurrency, change: Change): WorkspaceConcurrency => ({
  max: change.max === undefined ? before.max : change.max,
  perTool: change.per_tool ?? before.perTool,
  exclusiveDestructive: change.exclusive_destructive ?? before.exclusiveDestructive,
});

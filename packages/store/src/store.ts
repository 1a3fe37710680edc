import type {
  AgentId,
  ApprovalId,
  ExecutionId,
  InvocationId,
  JournalEntry,
  ProjectId,
  WorkspaceId,
} from '@xem/protocol';
import type { AccessReader, AccessWriter } from './access.ts';
import type { ApprovalLinkReader, ApprovalLinkWriter } from './approval-link.ts';
import type { MaintenanceReader, MaintenanceWriter } from './maintenance.ts';
import type { CursorReader, CursorWriter, JournalReader, JournalWriter } from './journal.ts';
import type { OutputStore, OutputWitness } from './output.ts';
import type { PolicyReader, PolicyWriter } from './policy.ts';
import type { BindingRecord, WorkspaceRecord } from './record/access.ts';
import type { AgentRecord, AgentToolRecord, ManifestRecord } from './record/agent.ts';
import type { ApprovalFilter, ApprovalRecord } from './record/approval.ts';
import type { ExecutionFilter, ExecutionRecord } from './record/execution.ts';
import type { CallKind, InvocationFilter, InvocationRecord } from './record/invocation.ts';
import type { IdempotencyReader, IdempotencyWriter } from './idempotency.ts';
import type { JoinKeyReader, JoinKeyWriter } from './join-key.ts';
import type { CreditReader, CreditWriter, UsageReader, UsageWriter } from './metering.ts';
import type { DeliveryReader, DeliveryWriter, WebhookReader, WebhookWriter } from './webhook.ts';

/** A place in a list that is sorted by `createdAt`, then `id`, both falling. */
export interface Position {
  readonly createdAt: number;
  readonly id: string;
}

/** Which part of a list: at most `limit` rows, strictly after a position. */
export interface Slice {
  readonly limit: number;
  readonly after?: Position | undefined;
}

/** The queue of a workspace as one agent may take from it now. */
export interface Queue {
  readonly agentId: AgentId;
  readonly workspaceId: WorkspaceId;
  /** Destructive and irreversible calls stay where they are. */
  readonly withoutGated: boolean;
  /** Calls of these tools stay where they are. */
  readonly withoutTools: readonly string[];
}

/** Rows that belong to a project, read by id: another project's id finds nothing. */
interface Lookup<Id, Row> {
  get(projectId: ProjectId, id: Id): Promise<Row | null>;
}

export interface InvocationReader extends Lookup<InvocationId, InvocationRecord> {
  list(projectId: ProjectId, filter: InvocationFilter, slice: Slice): Promise<readonly InvocationRecord[]>;
  /** Of every project: at most `limit` non-terminal ones whose deadline is at or before `now`, earliest first. */
  due(now: number, limit: number): Promise<readonly InvocationRecord[]>;
  /**
   * What an agent could take now in a workspace that is not paused: queued without an open attempt, of a digest it has,
   * oldest first.
   */
  queuedFor(queue: Queue, limit: number): Promise<readonly InvocationRecord[]>;
  /** How many calls of a project are in a status. */
  count(projectId: ProjectId, status: InvocationRecord['status']): Promise<number>;
  /** When the oldest call in a state was asked for; null when there is none. */
  oldest(projectId: ProjectId, status: InvocationRecord['status']): Promise<number | null>;
  /** The kinds of calls that are queued in a project. */
  queuedKinds(projectId: ProjectId): Promise<readonly CallKind[]>;
}

export interface InvocationWriter extends InvocationReader {
  insert(row: InvocationRecord): Promise<void>;
  /**
   * Saves a call that goes on: compare and set on `version`. @throws Error when the row was changed since it was read,
   * or has ended: that is what `end` is for.
   */
  save(row: InvocationRecord): Promise<InvocationRecord>;
  /**
   * Saves a call that has ended, once, and settles its credit: what was kept back for it returns to its project, less
   * its price. @throws Error when it has not ended, or costs more than was kept back
   */
  end(row: InvocationRecord, price: number): Promise<InvocationRecord>;
  /** Stops the clock of every waiting call of a kind at `at`: what is left is kept, and the deadline is `until`. */
  hold(kind: CallKind, times: { readonly at: number; readonly until: number }): Promise<void>;
  /** Lets the clock of every held call of a kind run on from `now`. */
  release(kind: CallKind, now: number): Promise<void>;
}

export interface ExecutionReader extends Lookup<ExecutionId, ExecutionRecord> {
  list(projectId: ProjectId, filter: ExecutionFilter, slice: Slice): Promise<readonly ExecutionRecord[]>;
  /** By id alone, for frames: the caller checks the agent. */
  find(id: ExecutionId): Promise<ExecutionRecord | null>;
  /** `dispatched` and `running` attempts of an agent. */
  openOf(agentId: AgentId): Promise<readonly ExecutionRecord[]>;
  /** Agents that have open attempts, for the start of the router. */
  agentsWithOpen(): Promise<readonly AgentId[]>;
}

export interface ExecutionWriter extends ExecutionReader {
  insert(row: ExecutionRecord): Promise<void>;
  save(row: ExecutionRecord): Promise<ExecutionRecord>;
}

export interface ApprovalReader extends Lookup<ApprovalId, ApprovalRecord> {
  list(projectId: ProjectId, filter: ApprovalFilter, slice: Slice): Promise<readonly ApprovalRecord[]>;
}

export interface ApprovalWriter extends ApprovalReader {
  insert(row: ApprovalRecord): Promise<void>;
  /** Compare and set on `version`. */
  save(row: ApprovalRecord): Promise<ApprovalRecord>;
}

export interface AgentReader extends Lookup<AgentId, AgentRecord> {
  list(
    projectId: ProjectId,
    filter: { readonly status?: string | undefined; readonly workspaceId?: WorkspaceId | undefined },
    slice: Slice,
  ): Promise<readonly AgentRecord[]>;
  /** By id alone, for the handshake. */
  find(id: AgentId): Promise<AgentRecord | null>;
  /** The agent a CURVE key belongs to, or is to belong to once its rotation is over. */
  byCurveKey(curveKey: string): Promise<AgentRecord | null>;
  /** Those of a name that are neither banned, evicted nor retired, newest first. */
  holdersOf(projectId: ProjectId, registrationName: string): Promise<readonly AgentRecord[]>;
  /** CURVE keys that may connect: of agents that are online, offline or in conflict, two during a rotation. */
  admitted(): Promise<readonly { readonly agentId: AgentId; readonly curveKey: string }[]>;
  /** Those that are paused, of every project, for the start of the router. */
  paused(): Promise<readonly AgentRecord[]>;
  /** The agent that has one of two keys and was banned, or whose keys were revoked; null when there is none. */
  barred(keys: Pick<AgentRecord, 'curveKey' | 'signingKey'>): Promise<AgentRecord | null>;
  /** Every agent of every project whose lease may hold, online or in conflict, for the start of the router. */
  leased(): Promise<readonly AgentRecord[]>;
  /** Every agent of every project whose CURVE key is being changed. */
  rotating(): Promise<readonly AgentRecord[]>;
  manifest(agentId: AgentId): Promise<ManifestRecord | null>;
  /** Tools of every agent that is admitted, all projects: the catalogue is built from them at start. */
  tools(): Promise<readonly AgentToolRecord[]>;
  toolsOf(agentId: AgentId): Promise<readonly AgentToolRecord[]>;
}

export interface AgentWriter extends AgentReader {
  insert(row: AgentRecord): Promise<void>;
  save(row: AgentRecord): Promise<AgentRecord>;
  /** Replaces the manifest of an agent and its tools; `boundAt` of a digest it had before stays. */
  publish(row: ManifestRecord, tools: readonly AgentToolRecord[]): Promise<void>;
  /** Removes an agent that never confirmed its enrolment. */
  remove(id: AgentId): Promise<void>;
}

export interface WorkspaceReader extends Lookup<WorkspaceId, WorkspaceRecord> {
  list(projectId: ProjectId, slice: Slice): Promise<readonly WorkspaceRecord[]>;
  bindingsOf(projectId: ProjectId, workspaceId: WorkspaceId, slice: Slice): Promise<readonly BindingRecord[]>;
  /** Workspaces an agent is bound to. */
  boundTo(agentId: AgentId): Promise<readonly WorkspaceRecord[]>;
  /** Agents bound to a workspace, with what lists show of them. */
  agentsOf(workspaceId: WorkspaceId): Promise<readonly AgentRecord[]>;
  /** Workspaces of every project that have limits of their own, for the start of the router. */
  limited(): Promise<readonly WorkspaceRecord[]>;
  /** Every binding of every project, for the start of the router. */
  allBindings(): Promise<readonly BindingRecord[]>;
  /** Those that are paused, of every project, for the start of the router. */
  paused(): Promise<readonly WorkspaceRecord[]>;
}

export interface WorkspaceWriter extends WorkspaceReader {
  insert(row: WorkspaceRecord): Promise<void>;
  save(row: WorkspaceRecord): Promise<WorkspaceRecord>;
  /** True when the binding is new. */
  bind(row: BindingRecord): Promise<boolean>;
  /** True when there was one. */
  unbind(workspaceId: WorkspaceId, agentId: AgentId): Promise<boolean>;
}

/** Everything that can be read, as it was at the last commit. */
export interface Reader {
  readonly invocations: InvocationReader;
  readonly executions: ExecutionReader;
  readonly approvals: ApprovalReader;
  readonly approvalLinks: ApprovalLinkReader;
  readonly policies: PolicyReader;
  readonly agents: AgentReader;
  readonly workspaces: WorkspaceReader;
  readonly joinKeys: JoinKeyReader;
  readonly access: AccessReader;
  readonly idempotency: IdempotencyReader;
  readonly maintenance: MaintenanceReader;
  readonly credit: CreditReader;
  readonly usage: UsageReader;
  readonly webhooks: WebhookReader;
  readonly deliveries: DeliveryReader;
  readonly journal: JournalReader;
  readonly cursors: CursorReader;
}

/** The same within a transaction, and the only way to write. Only `mutate` of the domain asks for one. */
export interface WriteTx {
  readonly invocations: InvocationWriter;
  readonly executions: ExecutionWriter;
  readonly approvals: ApprovalWriter;
  readonly approvalLinks: ApprovalLinkWriter;
  readonly policies: PolicyWriter;
  readonly agents: AgentWriter;
  readonly workspaces: WorkspaceWriter;
  readonly joinKeys: JoinKeyWriter;
  readonly access: AccessWriter;
  readonly idempotency: IdempotencyWriter;
  readonly maintenance: MaintenanceWriter;
  readonly credit: CreditWriter;
  readonly usage: UsageWriter;
  readonly webhooks: WebhookWriter;
  readonly deliveries: DeliveryWriter;
  readonly journal: JournalWriter;
  readonly cursors: CursorWriter;
  readonly outputs: OutputWitness;
}

/** All durable state of the mesh. */
export interface Store {
  readonly read: Reader;
  readonly outputs: OutputStore;
  /**
   * Runs `body` in a transaction of its own kind: all of it or nothing, durable when the promise resolves. Bodies
   * that wait at one time share a commit. A body awaits nothing but its `tx`.
   * @throws ExecError `unavailable` when the commit fails; whatever the body throws, with nothing written.
   */
  transact<Result>(body: (tx: WriteTx) => Promise<Result>): Promise<Result>;
  /** Hears every entry in the order of its chain, after its commit and before the promises of `transact` resolve. Returns an unsubscriber. */
  onCommit(listener: (entries: readonly JournalEntry[]) => void): () => void;
  close(): Promise<void>;
}

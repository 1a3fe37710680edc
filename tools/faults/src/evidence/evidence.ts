import type { LedgerLine } from './ledger.ts';
import type {
  AccountRow,
  ApprovalRow,
  AttemptRow,
  BindingRow,
  CursorRow,
  Effect,
  EntryRow,
  ExecutionRow,
  InvocationRow,
  JoinKeyRow,
  JoinKeyUseRow,
  OwnedRow,
  PrincipalRow,
  UsageRow,
} from './rows.ts';

/** Stored bytes of one stream, read from where they lie and hashed anew. */
export interface StoredBytes {
  readonly execution_id: string;
  readonly project_id: string;
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: number;
  readonly sha256: string;
}

/** What one agent's journal holds. */
export interface AgentMemory {
  readonly agent_id: string;
  readonly attempts: readonly AttemptRow[];
}

/** Everything the router's database says. */
export interface RouterEvidence {
  readonly projects: readonly string[];
  readonly principals: readonly PrincipalRow[];
  readonly workspaces: readonly OwnedRow[];
  readonly agents: readonly OwnedRow[];
  readonly bindings: readonly BindingRow[];
  readonly joinKeys: readonly JoinKeyRow[];
  readonly joinKeyUses: readonly JoinKeyUseRow[];
  readonly accounts: readonly AccountRow[];
  readonly usage: readonly UsageRow[];
  readonly cursors: readonly CursorRow[];
  readonly invocations: readonly InvocationRow[];
  readonly executions: readonly ExecutionRow[];
  readonly approvals: readonly ApprovalRow[];
  readonly entries: readonly EntryRow[];
  readonly outputs: readonly StoredBytes[];
}

/** What the checker judges: plain data, from wherever it was collected. */
export interface Evidence extends RouterEvidence {
  /** When it was collected: milliseconds since 1970, on the router's clock. */
  readonly judgedAt: number;
  /** How long after its deadline a call may still be open. */
  readonly graceMs: number;
  readonly agentMemories: readonly AgentMemory[];
  readonly effects: readonly Effect[];
  readonly ledger: readonly LedgerLine[];
  /** Processes of tools that still run, by the execution they belong to. */
  readonly processes: readonly { readonly pid: number; readonly execution_id: string }[];
}

/** Something that must never be. */
export interface Violation {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'orphans';
  readonly says: string;
}

/** One invariant: what of the evidence breaks it. */
export type Invariant = (evidence: Evidence) => readonly Violation[];

import type { AgentId, JoinKeyId, ProjectId } from '@xem/protocol';
import type { JoinKeyRecord, JoinKeyUseRecord } from './record/agent.ts';
import type { Slice } from './store.ts';

export interface JoinKeyReader {
  /** By id within a project: another project's id finds nothing. */
  get(projectId: ProjectId, id: JoinKeyId): Promise<JoinKeyRecord | null>;
  list(projectId: ProjectId, slice: Slice): Promise<readonly JoinKeyRecord[]>;
  find(id: JoinKeyId): Promise<JoinKeyRecord | null>;
  usesOf(id: JoinKeyId): Promise<readonly JoinKeyUseRecord[]>;
  /** The reserved use that made an agent, if its enrolment is not confirmed yet. */
  reservedBy(agentId: AgentId): Promise<JoinKeyUseRecord | null>;
  /** Reserved uses whose time is over. */
  lapsed(now: number, limit: number): Promise<readonly JoinKeyUseRecord[]>;
}

export interface JoinKeyWriter extends JoinKeyReader {
  insert(row: JoinKeyRecord): Promise<void>;
  save(row: JoinKeyRecord): Promise<JoinKeyRecord>;
  insertUse(row: JoinKeyUseRecord): Promise<void>;
  /** A use is named by its key and its agent. */
  saveUse(row: JoinKeyUseRecord): Promise<void>;
}

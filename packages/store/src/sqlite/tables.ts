import type { JournalEntry } from '@xem/protocol';
import type { Reader, WriteTx } from '../store.ts';
import { accessReader, accessWriter } from './query/access.ts';
import { agentReader, agentWriter } from './query/agent.ts';
import { approvalLinkReader, approvalLinkWriter } from './query/approval-link.ts';
import { approvalReader, approvalWriter } from './query/approval.ts';
import { creditReader, creditWriter } from './query/credit.ts';
import { cursorReader, cursorWriter } from './query/cursor.ts';
import { executionReader, executionWriter } from './query/execution.ts';
import { idempotencyReader, idempotencyWriter } from './query/idempotency.ts';
import { invocationReader, invocationWriter } from './query/invocation.ts';
import { joinKeyReader, joinKeyWriter } from './query/join-key.ts';
import { journalReader, journalWriter } from './query/journal.ts';
import { maintenanceReader, maintenanceWriter } from './query/maintenance.ts';
import { outputWitness } from './query/output.ts';
import { policyReader, policyWriter } from './query/policy.ts';
import { usageReader, usageWriter } from './query/usage.ts';
import { deliveryReader, deliveryWriter } from './query/webhook-delivery.ts';
import { webhookReader, webhookWriter } from './query/webhook.ts';
import { workspaceReader, workspaceWriter } from './query/workspace.ts';
import { knownCredentials, type KnownCredentials } from './known-credentials.ts';
import type { Session } from './session.ts';

/** Everything that can be read on one connection. */
export const readTables = (session: Session, known: KnownCredentials | null = null): Reader => ({
  invocations: invocationReader(session),
  executions: executionReader(session),
  approvals: approvalReader(session),
  approvalLinks: approvalLinkReader(session),
  policies: policyReader(session),
  agents: agentReader(session),
  workspaces: workspaceReader(session),
  joinKeys: joinKeyReader(session),
  access: accessReader(session, known),
  idempotency: idempotencyReader(session),
  maintenance: maintenanceReader(session),
  credit: creditReader(session),
  usage: usageReader(session),
  webhooks: webhookReader(session),
  deliveries: deliveryReader(session),
  journal: journalReader(session),
  cursors: cursorReader(session),
});

/** Everything that can be written; `heard` gets each entry that is added to the journal. */
export const writeTables = (
  session: Session,
  heard: (entry: JournalEntry) => void,
  known: KnownCredentials = knownCredentials(),
): WriteTx => ({
  invocations: invocationWriter(session),
  executions: executionWriter(session),
  approvals: approvalWriter(session),
  approvalLinks: approvalLinkWriter(session),
  policies: policyWriter(session),
  agents: agentWriter(session),
  workspaces: workspaceWriter(session),
  joinKeys: joinKeyWriter(session),
  access: accessWriter(session, known),
  idempotency: idempotencyWriter(session),
  maintenance: maintenanceWriter(session),
  credit: creditWriter(session),
  usage: usageWriter(session),
  webhooks: webhookWriter(session),
  deliveries: deliveryWriter(session),
  journal: journalWriter(session, heard),
  cursors: cursorWriter(session),
  outputs: outputWitness(session),
});

/** The tables for as long as one body runs: a body that goes on after its end writes nothing. */
export class TxLease implements WriteTx {
  #tables: WriteTx | null;

  constructor(tables: WriteTx) {
    this.#tables = tables;
  }

  get invocations() {
    return this.#held().invocations;
  }

  get executions() {
    return this.#held().executions;
  }

  get approvals() {
    return this.#held().approvals;
  }

  get approvalLinks() {
    return this.#held().approvalLinks;
  }

  get policies() {
    return this.#held().policies;
  }

  get agents() {
    return this.#held().agents;
  }

  get workspaces() {
    return this.#held().workspaces;
  }

  get joinKeys() {
    return this.#held().joinKeys;
  }

  get access() {
    return this.#held().access;
  }

  get idempotency() {
    return this.#held().idempotency;
  }

  get maintenance() {
    return this.#held().maintenance;
  }

  get credit() {
    return this.#held().credit;
  }

  get usage() {
    return this.#held().usage;
  }

  get webhooks() {
    return this.#held().webhooks;
  }

  get deliveries() {
    return this.#held().deliveries;
  }

  get cursors() {
    return this.#held().cursors;
  }

  get journal() {
    return this.#held().journal;
  }

  get outputs() {
    return this.#held().outputs;
  }

  close(): void {
    this.#tables = null;
  }

  #held(): WriteTx {
    if (this.#tables === null) throw new Error('a transaction body used its tx after its end');
    return this.#tables;
  }
}

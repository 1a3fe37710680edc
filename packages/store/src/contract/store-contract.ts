import { test } from 'vitest';
import { accessContract } from './access.ts';
import { agentContract } from './agent.ts';
import { approvalLinkContract } from './approval-link.ts';
import { approvalContract } from './approval.ts';
import { creditContract } from './credit.ts';
import { executionContract } from './execution.ts';
import { invocationContract } from './invocation.ts';
import { journalContract } from './journal.ts';
import { maintenanceContract } from './maintenance.ts';
import { outputContract } from './output.ts';
import { outputPropertyContract } from './output-property.ts';
import { outputSealContract } from './output-seal.ts';
import { pauseContract } from './pause.ts';
import { policyContract } from './policy.ts';
import { queueContract } from './queue.ts';
import { retentionContract } from './retention.ts';
import type { OpenStore } from './subject.ts';
import { transactContract } from './transact.ts';
import { usageContract } from './usage.ts';
import { webhookContract } from './webhook.ts';
import { idempotencyContract, joinKeyContract, workspaceContract } from './workspace.ts';

const CONTRACTS = [
  transactContract,
  journalContract,
  invocationContract,
  queueContract,
  pauseContract,
  executionContract,
  approvalContract,
  approvalLinkContract,
  policyContract,
  agentContract,
  workspaceContract,
  joinKeyContract,
  accessContract,
  idempotencyContract,
  maintenanceContract,
  creditContract,
  usageContract,
  webhookContract,
  outputContract,
  outputPropertyContract,
  outputSealContract,
  retentionContract,
];

/** A slow disk under many test processes is no failure. */
const TIMEOUT_MS = 30_000;

/** Proves what every store must do, whatever it is made of. Each store's test file calls it once. */
export function storeContract(name: string, open: OpenStore): void {
  for (const contract of CONTRACTS) {
    for (const [sentence, prove] of Object.entries(contract)) {
      test(`${name}: ${sentence}`, { timeout: TIMEOUT_MS }, () => prove(open));
    }
  }
}

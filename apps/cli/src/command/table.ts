import type { OperationId } from '@xem/client';
import { accessNouns } from './access/table.ts';
import { agentsNoun } from './agents/table.ts';
import { approvalsNoun } from './approvals/table.ts';
import { execNoun } from './exec/table.ts';
import { exportsNoun } from './exports/table.ts';
import { journalNoun } from './journal/table.ts';
import { localEntries } from './local/table.ts';
import { maintenanceNoun } from './maintenance/table.ts';
import type { Entry, Noun } from './entry.ts';
import { projectNoun, usageVerb } from './project/table.ts';

import { webhooksNoun } from './webhooks/table.ts';
import { workspacesNoun } from './workspaces/table.ts';

/** Everything `xeroctl` can do, by the words it is asked with. */
export const ENTRIES: Noun = {
  brief: 'Drive the governed-execution mesh from a shell',
  entries: {
    exec: execNoun,
    approvals: approvalsNoun,
    agents: agentsNoun,
    workspaces: workspacesNoun,
    project: projectNoun,
    usage: usageVerb,
    ...accessNouns,
    journal: journalNoun,
    exports: exportsNoun,
    maintenance: maintenanceNoun,
    webhooks: webhooksNoun,
    ...localEntries,
  },
};

function operationsUnder(entry: Entry, words: readonly string[]): [OperationId, string][] {
  if ('load' in entry) return entry.operations.map((operation) => [operation, words.join(' ')]);
  return Object.entries(entry.entries).flatMap(([word, below]) => operationsUnder(below, [...words, word]));
}

/** Which command speaks for which operation, for the check that every operation has one. */
export const VERBS: readonly (readonly [operation: OperationId, words: string])[] = operationsUnder(
  ENTRIES,
  [],
);

import type { OperationId } from '@xem/client';
import { AGENT_ROWS } from './agent-rows.ts';
import { EXEC_ROWS } from './exec-rows.ts';
import { PROJECT_ROWS } from './project-rows.ts';
import type { Row } from './row.ts';
import { WEBHOOK_ROWS } from './webhook-rows.ts';

/** A row for every operation: one that is missing does not compile. */
export const ROWS: Readonly<Record<OperationId, Row>> = {
  ...AGENT_ROWS,
  ...EXEC_ROWS,
  ...PROJECT_ROWS,
  ...WEBHOOK_ROWS,
};

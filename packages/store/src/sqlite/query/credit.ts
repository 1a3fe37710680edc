import type { ProjectId } from '@xem/protocol';
import type { CreditReader, CreditWriter } from '../../metering.ts';
import { rowsOf } from '../rows.ts';
import { credit } from '../schema/credit.ts';
import { prepareWrite, type Session } from '../session.ts';

/** Reads of accounts on one connection. */
export function creditReader(session: Session): CreditReader {
  const byProject = rowsOf(session, credit).select('WHERE t.project_id = ?');
  return { get: async (projectId) => byProject.one(projectId) };
}

const GRANT = `
  INSERT INTO credit (project_id, granted, reserved, settled) VALUES (?, ?, 0, 0)
  ON CONFLICT (project_id) DO UPDATE SET granted = granted + excluded.granted`;

const RESERVE =
  'UPDATE credit SET reserved = reserved + ? WHERE project_id = ? AND granted - settled - reserved >= ?';

/** Reads and writes of accounts. */
export function creditWriter(session: Session): CreditWriter {
  const grant = prepareWrite(session, GRANT);
  const reserve = prepareWrite(session, RESERVE);
  return {
    ...creditReader(session),
    grant: async (projectId, credits) => void grant(projectId, credits),
    reserve: async (projectId, credits) => reserve(credits, projectId, credits) === 1,
  };
}

/** Prepares what returns credits that were kept back, less a price. */
export function prepareSettle(session: Session): (projectId: ProjectId, kept: number, price: number) => void {
  const settle = prepareWrite(
    session,
    'UPDATE credit SET reserved = reserved - ?, settled = settled + ? WHERE project_id = ?',
  );
  return (projectId, kept, price) => {
    if (settle(kept, price, projectId) !== 1) throw new Error(`project ${projectId} has no account`);
  };
}

import type { Approval } from '@xem/protocol';
import type { Session } from '../../session.ts';
import { renderApproval, renderCall } from './describe.ts';

/** Answers with an approval. */
export const printApproval = ({ print, io }: Session, approval: Approval): Promise<void> =>
  print.object(approval, { text: (layout) => renderApproval(approval, io.clock.now(), layout) });

/** Shows on standard error what a decision would be over. */
export const showCall = ({ print, io }: Session, approval: Approval): Promise<void> =>
  io.stderr.write(renderCall(approval, io.clock.now(), print.layout));

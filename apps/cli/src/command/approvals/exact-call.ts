import { ClientError, ROUTES } from '@xem/client';
import type { Approval } from '@xem/protocol';
import { askYes, assertSomebody } from '../../ask-yes.ts';
import { UsageError } from '../../exit.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { showCall } from './print-approval.ts';

/** What the command line has answered already. */
interface Answers {
  readonly yes: boolean | undefined;
  readonly confirm: string | undefined;
  /** Whoever breaks the glass needs no vote that counts. */
  readonly act: 'vote' | 'break_glass';
}

/** Asks the person; returns the tool's name as they typed it, where the policy wants that. @throws UsageError */
async function askFor({ io }: Session, approval: Approval, answers: Answers): Promise<string | undefined> {
  if (answers.yes) return answers.confirm;
  assertSomebody(io, '--yes decides without asking');
  if (answers.act === 'vote') assertCounts(approval);
  if (approval.confirm_required && answers.confirm === undefined) {
    const typed = (await io.stdin.ask(`Type ${visible(approval.tool)} to let it run: `)).trim();
    if (typed !== approval.tool)
      throw new UsageError('that is not the name of the tool; nothing was decided');
    return typed;
  }
  await askYes(io, 'Let it run?', 'nothing was decided');
  return answers.confirm;
}

/** A decision over exactly the call that was shown. */
interface Agreement {
  readonly id: Approval['id'];
  readonly call_sha256: string;
  readonly confirm: string | undefined;
}

/** Asks nobody whose answer would not count. @throws ClientError as the router would */
function assertCounts({ eligible, ineligible_reason: reason, status }: Approval): void {
  if (eligible) return;
  const code = status === 'pending' ? 'approver_not_eligible' : 'approval_not_pending';
  throw new ClientError({ kind: 'refused', code, message: reason ?? 'your vote would not count' });
}

/** Shows the call that an approval is over, and asks the person whether it may run. @throws UsageError */
export async function agreeTo(session: Session, id: string, answers: Answers): Promise<Agreement> {
  const { data: shown } = await session.call(ROUTES['approval.get'], { id });
  await showCall(session, shown);
  return { id: shown.id, confirm: await askFor(session, shown, answers), call_sha256: shown.call_sha256 };
}

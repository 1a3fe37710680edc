import type { Approval } from '@xem/protocol';
import { askYes, assertSomebody } from '../../ask-yes.ts';
import { UsageError } from '../../exit.ts';
import { renderDetails } from '../../render/detail.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';

/** Exactly the call that a decision is over. */
export const callOf = (approval: Approval): string =>
  renderDetails([
    ['Tool', approval.tool],
    ['Risk', approval.risk],
    ['Arguments', JSON.stringify(approval.args)],
    ['Workspace', approval.workspace_id],
    ['Requester', `${approval.requested_by.name} (${approval.requested_by.kind}), by ${approval.surface}`],
    ['Reason', approval.reason ?? '-'],
    ['Policy', `${approval.policy.name} version ${approval.policy.version}`],
    ['Expires', approval.expires_at],
    ['Call', approval.call_sha256],
  ]);

/** What the command line has answered already. */
interface Answers {
  readonly yes: boolean | undefined;
  readonly confirm: string | undefined;
}

/** Asks the person; returns the tool's name as they typed it, where the policy wants that. @throws UsageError */
export async function askFor(
  { io }: Session,
  approval: Approval,
  answers: Answers,
): Promise<string | undefined> {
  if (answers.yes) return answers.confirm;
  assertSomebody(io, '--yes decides without asking');
  if (approval.confirm_required && answers.confirm === undefined) {
    const typed = (await io.stdin.ask(`Type ${visible(approval.tool)} to let it run: `)).trim();
    if (typed !== approval.tool)
      throw new UsageError('that is not the name of the tool; nothing was decided');
    return typed;
  }
  await askYes(io, 'Let it run?', 'nothing was decided');
  return answers.confirm;
}

import { ROUTES } from '@xem/client';
import { TOOL_NAME_FORM, UUID_FORM, type Approval } from '@xem/protocol';
import { askYes, assertSomebody } from '../../ask-yes.ts';
import { UsageError } from '../../exit.ts';
import { renderDetails } from '../../render/detail.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { argument, flag, id, text } from '../flag.ts';
import { APPROVAL_FIRST } from './columns.ts';

const callOf = (approval: Approval): string =>
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

interface Answers {
  readonly yes: boolean | undefined;
  readonly confirm: string | undefined;
}

/** Asks the person; returns the tool's name as they typed it, where the policy wants that. @throws UsageError */
async function ask({ io }: Session, approval: Approval, answers: Answers): Promise<string | undefined> {
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

export const approve = command({
  about:
    'Shows the exact call first, and asks. The decision is over the call that was shown: had it changed since, the router refuses it.',
  flags: {
    note: text('TEXT', 'A note for the journal'),
    confirm: id(TOOL_NAME_FORM, 'The name of the tool, where the policy wants it typed back'),
    yes: flag('Do not ask'),
  },
  args: { id: argument('APPROVAL-ID', 'The id of the approval', UUID_FORM) },
  letters: { y: 'yes' },
  run: async (session, { flags, args }) => {
    const { data: shown } = await session.call(ROUTES['approval.get'], { id: args.id });
    await session.io.stderr.write(callOf(shown));
    const confirm = await ask(session, shown, flags);
    const decision = { id: args.id, note: flags.note, confirm, call_sha256: shown.call_sha256 };
    const { data } = await session.call(ROUTES['approval.approve'], decision);
    await session.print.object(data, { first: APPROVAL_FIRST });
    if (data.status === 'pending') await session.print.hint('Counted; more people must agree.');
    else await session.print.hint(`Watch it run: xeroctl exec watch ${visible(data.invocation_id)}`);
  },
});

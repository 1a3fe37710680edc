import { ROUTES, type Input } from '@xem/client';
import { POLICY_PRESET_NAMES, WORKSPACE_ID_FORM, type Policy } from '@xem/protocol';
import { askYes, assertSomebody } from '../../../ask-yes.ts';
import { UsageError } from '../../../exit.ts';
import type { Session } from '../../../session.ts';
import { command } from '../../command.ts';
import { choice, flag, id, text } from '../../flag.ts';
import { POLICY_VIEW } from './columns.ts';
import { isInForce, renderDifference } from './difference.ts';
import { governing, warn } from './governing.ts';
import { readPolicyFile } from './policy-file.ts';

interface Wish {
  readonly preset: (typeof POLICY_PRESET_NAMES)[number] | undefined;
  readonly file: string | undefined;
  readonly workspace: string | undefined;
}

const WAITING_MAX = 100;

/** The rules that are asked for; whether they are rules is the router's to say. @throws UsageError */
async function readWish({ io }: Session, { preset, file, workspace }: Wish): Promise<Input<'policy.put'>> {
  if (preset === undefined && file === undefined)
    throw new UsageError('say which policy: --preset, --file, or both');
  const members = file === undefined ? {} : await readPolicyFile(io, file);
  return {
    ...members,
    ...(preset !== undefined && { preset }),
    ...(workspace !== undefined && { workspace_id: workspace }),
  };
}

/** Says how many calls would have to be asked for again. */
async function tellWaiting(session: Session, before: Policy): Promise<void> {
  const filter = { status: 'pending', limit: WAITING_MAX } as const;
  const { data: page } = await session.call(ROUTES['approval.list'], filter);
  const calls = page.data.filter(({ policy }) => policy.id === before.id).length;
  if (calls === 0) return;
  const many =
    calls === 1 && !page.has_more ? '1 call waits' : `${calls} calls${page.has_more ? ' or more' : ''} wait`;
  await session.print.note(`${many} under the present policy, and may have to be asked for again.`);
}

/** Shows what would change. */
async function present(session: Session, before: Policy, planned: Policy): Promise<void> {
  await session.io.stderr.write(renderDifference(before, planned));
  await warn(session, planned);
  await tellWaiting(session, before);
}

export const set = command({
  about:
    'Shows what would change, and asks. What the file leaves out is as in the preset, which is standard unless said. What was shown is what is set: had the policy changed meanwhile, the router refuses it.',
  flags: {
    preset: choice(POLICY_PRESET_NAMES, 'A policy that comes with the mesh'),
    file: text('FILE|-', 'The rules, as YAML or JSON; - reads standard input'),
    workspace: id(WORKSPACE_ID_FORM, 'For this workspace; for the project unless said'),
    yes: flag('Do not ask'),
  },
  letters: { y: 'yes' },
  run: async (session, { flags }) => {
    const wish = await readWish(session, flags);
    const place = wish.workspace_id ?? undefined;
    const before = await governing(session, place);
    const { data: planned } = await session.call(ROUTES['policy.put'], { ...wish, dry_run: true });
    if (isInForce(before, planned)) {
      await session.print.note('That is in force already; nothing was changed.');
      return session.print.object(before, POLICY_VIEW);
    }
    await present(session, before, planned);
    if (session.flags.dryRun) return session.print.object(planned, POLICY_VIEW);
    if (!flags.yes) {
      assertSomebody(session.io, '--yes sets it without asking');
      await askYes(session.io, 'Set it?', 'nothing was changed');
    }
    const seen = before.workspace_id === (place ?? null) ? before.version : 0;
    const { data } = await session.call(ROUTES['policy.put'], { ...wish, if_version: seen });
    await session.print.object(data, POLICY_VIEW);
  },
});

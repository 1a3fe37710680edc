import { ROUTES } from '@xem/client';
import { prefixedForm } from '@xem/protocol';
import { askYes, assertSomebody } from '../../../ask-yes.ts';
import { visible } from '../../../render/escape.ts';
import { command } from '../../command.ts';
import { argument, flag } from '../../flag.ts';

export const remove = command({
  about:
    'The policy of the project takes over, and calls of the workspace that wait have to be asked for again. The policy of the project itself stays.',
  flags: { yes: flag('Do not ask') },
  args: { id: argument('POLICY-ID', 'The id of the policy', prefixedForm('pol')) },
  letters: { y: 'yes' },
  run: async (session, { flags, args }) => {
    const asks = !flags.yes && !session.flags.dryRun;
    if (asks) {
      assertSomebody(session.io, '--yes deletes without asking');
      const { data: policy } = await session.call(ROUTES['policy.get'], { id: args.id });
      const place = policy.workspace_id ?? 'the project';
      const what = `${visible(policy.policy_name)}, version ${policy.version}, of ${visible(place)}`;
      await askYes(session.io, `Delete ${what}?`, 'nothing was deleted');
    }
    const { data } = await session.call(ROUTES['policy.delete'], { id: args.id });
    await session.print.object(data);
  },
});

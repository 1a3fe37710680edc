import { ROUTES } from '@xem/client';
import { WORKSPACE_ID_FORM } from '@xem/protocol';
import { UsageError } from '../../../exit.ts';
import { command } from '../../command.ts';
import { count, id, optionalArgument } from '../../flag.ts';
import { POLICY_VIEW } from './columns.ts';
import { governing } from './governing.ts';

export const show = command({
  about: 'Without an id, the one that governs the workspace, or the project.',
  flags: {
    workspace: id(WORKSPACE_ID_FORM, 'The one that governs this workspace'),
    policyVersion: count('An older version of it'),
  },
  args: { id: optionalArgument('POLICY-ID', 'The id of the policy') },
  run: async (session, { flags, args }) => {
    if (args.id !== undefined && flags.workspace !== undefined)
      throw new UsageError('give an id or --workspace, not both');
    const known = args.id ?? (await governing(session, flags.workspace)).id;
    const { data } = await session.call(ROUTES['policy.get'], { id: known, version: flags.policyVersion });
    await session.print.object(data, POLICY_VIEW);
  },
});

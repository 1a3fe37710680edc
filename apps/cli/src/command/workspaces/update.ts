import { ROUTES } from '@xem/client';
import { TOOL_NAME_FORM, WORKSPACE_ID_FORM } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import { command } from '../command.ts';
import { argument, choice, count, many, text } from '../flag.ts';
import { WORKSPACE_VIEW } from './columns.ts';

const CLEAR = 'none';

/** Reads `TOOL=N`. @throws UsageError */
function parseLimit(word: string): readonly [string, number] {
  const [, tool = '', limit = ''] = /^([^=]+)=(\d{1,5})$/.exec(word) ?? [];
  if (!TOOL_NAME_FORM.pattern.test(tool))
    throw new UsageError(`--tool-limit must be TOOL=N, or none; not ${word}`);
  return [tool, Number(limit)];
}

const limitsOf = (words: readonly string[] | undefined): Record<string, number> | undefined =>
  words && Object.fromEntries(words.filter((word) => word !== CLEAR).map(parseLimit));

const maxOf = (limit: number | undefined): number | null | undefined => (limit === 0 ? null : limit);

/** @throws UsageError */
function assertChange({
  name,
  type,
  model,
  max,
  toolLimit,
  exclusive,
}: Readonly<Record<string, unknown>>): void {
  if ([name, type, model, max, toolLimit, exclusive].every((value) => value === undefined))
    throw new UsageError(
      'nothing to change: give --name, --type, --model, --max, --tool-limit or --exclusive',
    );
}

export const update = command({
  flags: {
    name: text('NAME', 'What to call it'),
    type: text('TYPE', 'What kind of target it is: cluster, tenant, hosts'),
    model: text('MODEL', 'The model that chats in it use'),
    max: count('How many calls may run in it at once; 0 is no limit'),
    toolLimit: many('TOOL=N', 'How many calls of a tool may run at once; these replace all, none lifts them'),
    exclusive: choice(['on', 'off'], 'Whether destructive and irreversible calls run one at a time'),
  },
  args: { id: argument('WORKSPACE-ID', 'The id of the workspace', WORKSPACE_ID_FORM) },
  run: async (session, { flags, args }) => {
    assertChange(flags);
    const { name, type, model, max, toolLimit, exclusive } = flags;
    const concurrency = {
      max: maxOf(max),
      per_tool: limitsOf(toolLimit),
      exclusive_destructive: exclusive && exclusive === 'on',
    };
    const limited = Object.values(concurrency).some((limit) => limit !== undefined);
    const input = { workspace_id: args.id, name, type, model, ...(limited && { concurrency }) };
    const { data } = await session.call(ROUTES['workspace.update'], input);
    await session.print.object(data, WORKSPACE_VIEW);
  },
});

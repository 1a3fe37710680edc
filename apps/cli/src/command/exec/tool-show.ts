import { ROUTES } from '@xem/client';
import { TOOL_NAME_FORM, WORKSPACE_ID_FORM, type ToolDescriptor } from '@xem/protocol';
import { renderObject } from '../../render/detail.ts';
import { renderSchema } from '../../render/schema.ts';
import { visible } from '../../render/escape.ts';
import type { TableLayout } from '../../render/table.ts';
import { quote } from '../../render/shell.ts';
import { command } from '../command.ts';
import { argument, id, text } from '../flag.ts';

const FIRST = [
  'name',
  'description',
  'risk',
  'domain',
  'timeout_ms',
  'requires_approval',
  'workspaces',
  'agents',
];

function invokeLine(tool: ToolDescriptor, workspace: string | undefined): string {
  const target = workspace ?? tool.workspaces[0] ?? 'ws_…';
  const args = JSON.stringify(tool.example?.args ?? {});
  return `xeroctl exec invoke --workspace ${quote(target)} --tool ${quote(tool.name)} --args ${quote(args)}`;
}

const describe =
  (tool: ToolDescriptor, workspace: string | undefined): ((layout: TableLayout) => string) =>
  (layout) => {
    const { parameters, ...rest } = tool;
    return [
      renderObject(rest, { first: FIRST }, layout),
      '\nArguments\n',
      renderSchema(parameters),
      '\nInvoke it with\n',
      `  ${visible(invokeLine(tool, workspace))}\n`,
    ].join('');
  };

export const toolShow = command({
  flags: {
    workspace: id(WORKSPACE_ID_FORM, 'As this workspace sees it'),
    digest: text('HASH', 'This variant of the tool'),
  },
  args: { name: argument('TOOL-NAME', 'The name of the tool', TOOL_NAME_FORM) },
  run: async (session, { flags, args }) => {
    const { data } = await session.call(ROUTES['tool.get'], {
      name: args.name,
      digest: flags.digest,
      workspace_id: flags.workspace,
    });
    await session.print.object(data, { text: describe(data, flags.workspace) });
  },
});

import { EXPOSURE } from '@xem/mcp';
import type { Objects } from '../operation/row.ts';

/** Arguments of a tool that name objects of the mesh. */
type Arguments = (ids: Objects) => Readonly<Record<string, unknown>>;

const ARGUMENTS: Readonly<Record<string, Arguments>> = {
  'exec.cancel': ({ invocation }) => ({ id: invocation }),
  'exec.describe_tool': () => ({ tool: 'demo_echo' }),
  'exec.get_execution': ({ execution }) => ({ id: execution }),
  'exec.get_invocation': ({ invocation }) => ({ id: invocation }),
  'exec.get_output': ({ execution }) => ({ execution_id: execution }),
  'exec.invoke': ({ workspace }) => ({ workspace_id: workspace, tool: 'demo_echo', args: {} }),
  'exec.list_approvals': ({ invocation }) => ({ invocation_id: invocation }),
  'exec.list_executions': ({ invocation }) => ({ invocation_id: invocation }),
  'exec.list_tools': ({ workspace }) => ({ workspace_id: workspace }),
  'exec.rerun': ({ execution }) => ({ execution_id: execution }),
};

/** A call of a tool. */
export interface ToolCall {
  readonly name: string;
  readonly args: Arguments;
}

/** Every tool that stands for an operation. @throws Error for one whose arguments are not known */
export const toolCalls = (): readonly ToolCall[] =>
  Object.values(EXPOSURE).flatMap((exposure) => {
    if (!('tool' in exposure)) return [];
    const { tool: name } = exposure;
    const args = ARGUMENTS[name];
    if (!args) throw new Error(`${name} has no row in the access matrix`);
    return [{ name, args }];
  });

import { ROUTES } from '@xem/client';
import { prefixedForm, WORKSPACE_ID_FORM } from '@xem/protocol';
import { command } from '../command.ts';
import { argument } from '../flag.ts';

const args = {
  workspace: argument('WORKSPACE-ID', 'The id of the workspace', WORKSPACE_ID_FORM),
  agent: argument('AGENT-ID', 'The id of the agent', prefixedForm('agt')),
};

export const bind = command({
  args,
  run: async (session, { args: { workspace, agent } }) => {
    const input = { workspace_id: workspace, agent_id: agent };
    const { data } = await session.call(ROUTES['workspace.bind'], input);
    await session.print.object(data);
  },
});

export const unbind = command({
  args,
  run: async (session, { args: { workspace, agent } }) => {
    const input = { workspace_id: workspace, agent_id: agent };
    const { data } = await session.call(ROUTES['workspace.unbind'], input);
    await session.print.object(data);
  },
});

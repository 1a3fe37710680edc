import { ROUTES, type Input, type Route } from '@xem/client';
import { prefixedForm, type AgentManifest, type Manifest } from '@xem/protocol';
import { renderObject } from '../../render/detail.ts';
import { paintWord } from '../../render/paint.ts';
import { renderTable, type Column } from '../../render/table.ts';
import { command } from '../command.ts';
import { argument } from '../flag.ts';

const args = { id: argument('AGENT-ID', 'The id of the agent', prefixedForm('agt')) };

const FIRST = ['id', 'registration_name', 'status', 'paused', 'manifest', 'last_seen_at'];

/** A command that shows one object an agent has. */
const shows = <Id extends 'agent.get' | 'agent.environment' | 'agent.connectivity'>(route: Route<Id>) =>
  command({
    args,
    run: async (session, { args: { id } }) => {
      const input: Input<'agent.get'> = { id };
      const { data } = await session.call<'agent.get' | 'agent.environment' | 'agent.connectivity'>(
        route,
        input,
      );
      await session.print.object(data, { first: FIRST, none: { paused: 'no' } });
    },
  });

export const show = shows(ROUTES['agent.get']);
export const environment = shows(ROUTES['agent.environment']);
export const connectivity = shows(ROUTES['agent.connectivity']);

const TOOL_COLUMNS: readonly Column<Manifest['tools'][number]>[] = [
  { title: 'Name', of: ({ name }) => name },
  { title: 'Risk', of: ({ risk }) => risk, paint: paintWord },
  { title: 'Domain', of: ({ domain }) => domain },
  { title: 'Description', of: ({ description }) => description, elastic: true },
];

const CHANGE_COLUMNS: readonly Column<AgentManifest['pending_changes'][number]>[] = [
  { title: 'Waits', of: ({ tool }) => tool },
  { title: 'Change', of: ({ kind }) => kind },
  { title: 'Risk was', of: ({ old }) => old?.risk, paint: paintWord },
  { title: 'Risk now', of: ({ new: next }) => next.risk, paint: paintWord },
  { title: 'New digest', of: (change) => change.new_digest },
];

export const manifest = command({
  args,
  run: async (session, { args: { id } }) => {
    const { data } = await session.call(ROUTES['agent.manifest'], { id });
    const { manifest: published, pending_changes: waiting, ...about } = data;
    const workspaces = published.workspaces.map((one) => one.id);
    await session.print.object(data, {
      text: (layout) => {
        const tools = renderTable(TOOL_COLUMNS, published.tools, layout);
        const changes = waiting.length === 0 ? '' : `\n${renderTable(CHANGE_COLUMNS, waiting, layout)}`;
        return `${renderObject({ ...about, workspaces }, {}, layout)}\n${tools}${changes}`;
      },
    });
    if (waiting.length > 0) {
      await session.print.hint(`See what changed, and accept it: xeroctl agents accept-manifest ${id}`);
    }
  },
});

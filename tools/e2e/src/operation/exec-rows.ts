import type { OperationId } from '@xem/client';
import { executionOf, type Ground } from '../contract/ground.ts';
import { because, HUMANS, PLAIN, type About, type Row } from './row.ts';

const DECIDES = 'approver_not_eligible';

const ended: About = async ({ ended: run }) => ({ invocation: (await run()).id });
const executed: About = async ({ ended: run }) => ({ execution: executionOf(await run()) });

const approvalOf = async ({ gated }: Ground): Promise<string> => (await gated()).approval?.id ?? '';
const waiting: About = async (ground) => ({ approval: await approvalOf(ground) });

const withReviewer: About = async (ground) => ({
  approval: await approvalOf(ground),
  principal: await ground.idOf('principal.create', { kind: 'human', name: 'A reviewer' }),
});

const governed: About = async ({ idOf, workspace }) => ({
  policy: await idOf('policy.put', { workspace_id: workspace, preset: 'standard' }),
});

const governedElsewhere: About = async ({ idOf }) => {
  const workspace = await idOf('workspace.create', { name: 'governed' });
  return { policy: await idOf('policy.put', { workspace_id: workspace }) };
};

/** Operations about calls, and about who lets them run. */
export const EXEC_ROWS = {
  'approval.approve': { about: waiting, humans: DECIDES },
  'approval.break_glass': {
    input: () => ({ reason: 'the house is on fire, and nobody else is awake' }),
    about: waiting,
    humans: DECIDES,
  },
  'approval.get': { about: waiting },
  'approval.link': {
    input: ({ principal }) => ({ reviewer: principal }),
    about: withReviewer,
    humans: DECIDES,
  },
  'approval.links': { about: waiting },
  'approval.list': {
    input: ({ workspace, invocation }) => ({ workspace_id: workspace, invocation_id: invocation }),
  },
  'approval.reject': { about: waiting, humans: DECIDES },
  'execution.get': { about: executed },
  'execution.list': {
    input: ({ workspace, agent, invocation }) => ({
      workspace_id: workspace,
      agent_id: agent,
      invocation_id: invocation,
    }),
  },
  'execution.raw': { about: executed },
  'execution.rerun': { input: because, about: executed },
  'execution.stream': PLAIN,
  'export.executions': { input: () => ({ format: 'ndjson' }), notFor: 'inference' },
  'export.journal': { input: () => ({ from_seq: 1 }), notFor: 'inference' },
  'invocation.cancel': {
    input: because,
    about: async ({ gated }) => ({ invocation: (await gated()).id }),
  },
  'invocation.create': {
    input: ({ workspace, agent }) => ({
      workspace_id: workspace,
      agent_id: agent,
      tool: 'demo_echo',
      args: {},
    }),
  },
  'invocation.get': { about: ended },
  'invocation.list': {
    input: ({ workspace, agent, principal }) => ({
      workspace_id: workspace,
      agent_id: agent,
      requested_by: principal,
    }),
  },
  'invocation.stream': { about: ended },
  'journal.list': { input: ({ invocation }) => ({ invocation_id: invocation }), notFor: 'inference' },
  'journal.verify': { notFor: 'inference' },
  'policy.delete': { about: governedElsewhere, humans: HUMANS },
  'policy.get': { about: governed },
  'policy.list': { input: ({ workspace }) => ({ workspace_id: workspace }) },
  'policy.put': {
    input: ({ workspace }) => ({ workspace_id: workspace, preset: 'standard' }),
    humans: HUMANS,
  },
  'policy.versions': { about: governed },
  'tool.get': { input: ({ workspace }) => ({ workspace_id: workspace }) },
  'tool.list': { input: ({ workspace }) => ({ workspace_id: workspace }) },
} as const satisfies Partial<Record<OperationId, Row>>;

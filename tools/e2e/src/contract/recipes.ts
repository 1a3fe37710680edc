import { executionOf, type Ground } from './ground.ts';
import { MANAGEMENT_RECIPES } from './management-recipes.ts';
import { WEBHOOK_RECIPES } from './webhook-recipes.ts';

/** Makes the input of a request that an operation answers with success. */
export type Recipe = (
  ground: Ground,
) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;

const NOTHING: Recipe = () => ({});
const PAGE: Recipe = () => ({ limit: 1 });
const ofAgent: Recipe = ({ agent }) => ({ id: agent });
const ofEnded: Recipe = async ({ ended }) => ({ id: (await ended()).id });
const ofRun: Recipe = async ({ ended }) => ({ id: executionOf(await ended()) });
const ofApproval: Recipe = async ({ gated }) => ({ id: (await gated()).approval?.id });

/** How each operation is asked so that it answers; those that take more are answered in a scenario of their own. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  ...MANAGEMENT_RECIPES,
  ...WEBHOOK_RECIPES,
  'invocation.create': ({ workspace }) => ({ workspace_id: workspace, tool: 'demo_echo', args: {} }),
  'invocation.list': PAGE,
  'invocation.get': ofEnded,
  'invocation.stream': ofEnded,
  'invocation.cancel': async ({ gated }) => ({ id: (await gated()).id }),
  'execution.list': PAGE,
  'execution.get': ofRun,
  'execution.raw': ofRun,
  'execution.rerun': ofRun,
  'execution.stream': NOTHING,
  'approval.list': PAGE,
  'approval.get': ofApproval,
  'approval.approve': ofApproval,
  'approval.reject': ofApproval,
  'approval.links': ofApproval,
  'approval.link': async ({ gated, idOf }) => ({
    id: (await gated()).approval?.id,
    reviewer: await idOf('principal.create', { kind: 'human', name: 'A reviewer' }),
  }),
  'approval.break_glass': async ({ gated }) => ({
    id: (await gated()).approval?.id,
    reason: 'the house is on fire, and nobody else is awake',
  }),
  'policy.list': PAGE,
  'policy.get': () => ({ id: 'default' }),
  'policy.versions': async ({ idOf, workspace }) => ({
    id: await idOf('policy.put', { workspace_id: workspace, preset: 'standard' }),
  }),
  'policy.put': ({ workspace }) => ({ workspace_id: workspace, preset: 'standard' }),
  'policy.delete': async ({ idOf }) => {
    const workspace = await idOf('workspace.create', { name: 'governed' });
    return { id: await idOf('policy.put', { workspace_id: workspace }) };
  },
  'tool.list': PAGE,
  'tool.get': () => ({ name: 'demo_echo' }),
  'agent.list': PAGE,
  'agent.get': ofAgent,
  'agent.manifest': ofAgent,
  'agent.environment': ofAgent,
  'agent.connectivity': ofAgent,
  'agent.events': ofAgent,
  'auth.whoami': NOTHING,
  'error.list': NOTHING,
  'export.executions': () => ({ format: 'ndjson' }),
  'export.journal': () => ({ from_seq: 1 }),
  'journal.list': PAGE,
  'journal.verify': NOTHING,
};

import { call, type Answer } from '../../mesh/api.ts';
import { ask, decide } from '../../mesh/invoke.ts';
import type { Ground } from '../ground.ts';
import type { Provocation } from './provocation.ts';

const post = ({ mesh }: Ground, path: string, body: object = {}): Promise<Answer> =>
  call(mesh, { method: 'POST', path, body });

const WINDOW = { title: 'A window', severity: 'critical', starts_at: '2199-01-01T00:00:00.000Z' };

/** Makes a window of a workspace of its own, and steps through its states. */
async function stepWindow(ground: Ground, steps: readonly string[]): Promise<Answer> {
  const workspace_id = await ground.idOf('workspace.create', { name: 'kept out' });
  const id = await ground.idOf('maintenance.create', { ...WINDOW, workspace_id });
  let answer: Answer | undefined;
  for (const step of steps) answer = await post(ground, `/v1/management/maintenance/${id}/${step}`);
  if (!answer) throw new Error('no step was taken');
  return answer;
}

/** Two requests with one key are one call: what the one learns of it, the other cancels by. */
const cancelledWait: Provocation['ask'] = async (ground) => {
  const { mesh, workspace } = ground;
  const key = { 'idempotency-key': 'waits for its cancel' };
  const asking = call(mesh, {
    method: 'POST',
    path: '/v1/exec/invocations',
    headers: { ...key, prefer: 'wait=30' },
    body: { workspace_id: workspace, tool: 'demo_effect', args: {} },
  });
  const { id } = await ask(mesh, { tool: 'demo_effect', as: 'operator', headers: key });
  await post(ground, `/v1/exec/invocations/${id}/cancel`);
  return asking;
};

const inMaintenance: Provocation['ask'] = async (ground) => {
  const { workspace, make, idOf } = ground;
  const id = await idOf('maintenance.create', { ...WINDOW, workspace_id: workspace });
  await make('maintenance.start', { id });
  const body = { workspace_id: workspace, tool: 'demo_echo', args: {} };
  const answer = await post(ground, '/v1/exec/invocations', body);
  await make('maintenance.complete', { id });
  return answer;
};

const stale: Provocation['ask'] = async ({ mesh, workspace, make, gated }) => {
  const { approval } = await gated();
  await make('policy.put', { workspace_id: workspace, preset: 'standard', policy_name: 'changed' });
  return decide(mesh, approval?.id ?? '', { verb: 'approve' });
};

const decidedBefore: Provocation['ask'] = async ({ mesh, gated }) => {
  const { approval } = await gated();
  await decide(mesh, approval?.id ?? '', { verb: 'reject' });
  return decide(mesh, approval?.id ?? '', { verb: 'approve' });
};

/** Codes about the call itself: its state, its approval, its output. */
export const GOVERNANCE_PROVOCATIONS = {
  invocation_terminal: {
    param: null,
    ask: async (ground) => post(ground, `/v1/exec/invocations/${(await ground.ended()).id}/cancel`),
  },
  cancelled: { param: null, ask: cancelledWait },
  approval_not_pending: { param: null, ask: decidedBefore },
  approval_stale: { param: null, ask: stale },
  approver_not_eligible: {
    param: null,
    ask: async ({ mesh, gated }) =>
      decide(mesh, (await gated()).approval?.id ?? '', { verb: 'approve', as: 'service' }),
  },
  confirmation_required: {
    param: '/confirm',
    ask: async ({ mesh }) => {
      const { approval } = await ask(mesh, { tool: 'demo_wipe' });
      return decide(mesh, approval?.id ?? '', { verb: 'approve' });
    },
  },
  already_terminal: { param: null, ask: (ground) => stepWindow(ground, ['cancel', 'cancel']) },
  invalid_state: { param: null, ask: (ground) => stepWindow(ground, ['complete']) },
  unavailable: { param: null, ask: inMaintenance },
} as const satisfies Record<string, Provocation>;

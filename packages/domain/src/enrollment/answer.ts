import { ERROR_CATALOG, type ExecError } from '@xem/errors';
import { PROTOCOL_VERSION, type EnrolledBody } from '@xem/protocol';
import type { AgentRecord, WorkspaceReader } from '@xem/store';
import { bindingNotices } from '../agent/binding-notices.ts';
import { leaseTerms } from '../agent/lease-terms.ts';
import type { Services } from '../context.ts';

/** The answer to an agent that is enrolled; asked again with the same keys it is the same again. */
export const acceptance = async (
  { identity, settings }: Pick<Services, 'identity' | 'settings'>,
  rows: WorkspaceReader,
  { id, projectId }: AgentRecord,
): Promise<EnrolledBody> => ({
  v: PROTOCOL_VERSION,
  ok: true,
  agent_id: id,
  project_id: projectId,
  data_endpoints: [...identity.dataEndpoints],
  router_curve_key: identity.curveKey,
  router_signing_key: identity.signingKey,
  ...leaseTerms(settings),
  bindings: await bindingNotices(rows, id),
});

/** The answer to an agent that is not: the code, and what the person in front of the host can do. */
export const refusal = ({ code, message, param, retryAfterSeconds }: ExecError): EnrolledBody => ({
  v: PROTOCOL_VERSION,
  ok: false,
  code,
  message,
  operator_action: ERROR_CATALOG[code].fix,
  ...(param !== null && { pointer: param }),
  ...(retryAfterSeconds !== null && { retry_after_seconds: retryAfterSeconds }),
});

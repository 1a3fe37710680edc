import { ERROR_CATALOG, ExecError } from '@xem/errors';
import type { JoinKeyClaims } from '@xem/protocol';
import { internalOperation, systemContext, type Services } from '../context.ts';
import { joinKeyFact } from '../join-key/facts.ts';
import { lapseUsesOf } from '../join-key/lapse-uses.ts';
import { readJoinKey } from '../join-key/read.ts';
import { checkManifest } from '../manifest/check.ts';
import { mutate } from '../mutate.ts';
import { admit, type Enrolment } from './admit.ts';
import { refusal } from './answer.ts';
import { loadKey } from './claim-use.ts';
import type { EnrollRequest } from './new-agent.ts';

const refuseAgent = internalOperation('enrollment.refuse');

const isAnswer = (err: unknown): err is ExecError =>
  err instanceof ExecError && ERROR_CATALOG[err.code].surface === 'enrollment';

/** Journals a refusal with the project whose key was tried; a key nobody here minted is no project's business. */
async function noteRefusal(
  services: Services,
  {
    claims,
    request,
    error,
  }: { readonly claims: JoinKeyClaims; readonly request: EnrollRequest; readonly error: ExecError },
): Promise<void> {
  await mutate(systemContext(services, claims.project), refuseAgent, async (tx) => {
    if (!(await tx.joinKeys.get(claims.project, claims.jti))) return { result: undefined, facts: [] };
    const data = {
      code: error.code,
      source_address: request.sourceAddress,
      registration_name: request.body.registration_name,
    };
    return { result: undefined, facts: [joinKeyFact('join_key.refused', claims.jti, data)] };
  });
}

async function consider(
  services: Services,
  request: EnrollRequest,
  claims: JoinKeyClaims,
): Promise<Enrolment> {
  try {
    await loadKey(services.store.read.joinKeys, claims, services.clock.now());
    await lapseUsesOf(services, claims.jti);
    return await admit(services, {
      request,
      claims,
      checked: checkManifest(request.body.manifest, services.catalogue.compile),
    });
  } catch (err) {
    if (isAnswer(err)) await noteRefusal(services, { claims, request, error: err });
    throw err;
  }
}

/**
 * Answers a request to enrol: the agent's id and where it belongs, or a code and what the operator can do. The same
 * keys with the same join key get the same answer again. @throws ExecError unavailable
 */
export async function enroll(services: Services, request: EnrollRequest): Promise<Enrolment> {
  try {
    const claims = await readJoinKey(services, request.body.join_key);
    return await consider(services, request, claims);
  } catch (err) {
    if (!isAnswer(err)) throw err;
    services.log.info('enrollment.refused', { code: err.code, sourceAddress: request.sourceAddress });
    return { answer: refusal(err), admitted: null };
  }
}

import { ExecError } from '@xem/errors';
import { sha256Hex } from '@xem/protocol';
import type { Caller, Services } from '../context.ts';
import { isUsable, toCaller, type Grant } from './caller.ts';
import { noteUse } from './note-use.ts';

/** What finding out who calls needs. */
export type AccessServices = Pick<Services, 'store' | 'clock' | 'ids' | 'log'>;

/** The one answer to every key that does not open the door: which of the reasons it was is nobody's business. */
export const refuseCaller = (): ExecError => new ExecError('authentication_required');

/** The grant of a key's value. The work is the same for values that are malformed, unknown, ended or good. */
export async function grantOf(services: AccessServices, value: string): Promise<Grant> {
  const grant = await services.store.read.access.credential(sha256Hex(value));
  if (grant && isUsable(grant, services.clock.now())) return grant;
  throw refuseCaller();
}

/** Tells who presents a key as a bearer. @throws ExecError authentication_required */
export async function authenticate(services: AccessServices, value: string): Promise<Caller> {
  const grant = await grantOf(services, value);
  await noteUse(services, grant.key);
  return toCaller(grant, { kind: 'key', expiresAt: grant.key.expiresAt });
}

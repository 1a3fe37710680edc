import { ExecError } from '@xem/errors';
import type { ApiKeyId } from '@xem/protocol';
import type { AccessReader, ApiKeyRecord, PrincipalRecord } from '@xem/store';
import type { Origin } from '../context.ts';

/** The row of a key of the project. @throws ExecError api_key_not_found, another project's id too */
export async function loadKey(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: AccessReader,
  id: ApiKeyId,
): Promise<ApiKeyRecord> {
  const row = await rows.apiKey(projectId, id);
  if (row) return row;
  throw new ExecError('api_key_not_found', `the project has no API key ${id}`);
}

/** Whose key it is. */
export async function loadHolder(
  rows: AccessReader,
  { id, projectId, principalId }: ApiKeyRecord,
): Promise<PrincipalRecord> {
  const holder = await rows.principal(projectId, principalId);
  if (holder) return holder;
  throw new Error(`key ${id} has no principal`);
}

/** Refuses a key that opens nothing any more. @throws ExecError invalid_state */
export function assertLive({ id, revokedAt, expiresAt }: ApiKeyRecord, now: number): void {
  if (revokedAt !== null) throw new ExecError('invalid_state', `key ${id} has been revoked`);
  if (expiresAt !== null && expiresAt <= now) throw new ExecError('invalid_state', `key ${id} has ended`);
}

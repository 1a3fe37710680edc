import type { ApiKeyId, ProjectId } from '@xem/protocol';
import type { AccessReader } from '@xem/store';
import { isUsable, type Grant } from './caller.ts';

interface KeyName {
  readonly projectId: ProjectId;
  readonly keyId: ApiKeyId;
}

/** A key with whose it is, whether or not it still opens anything. */
export async function holderOfKey(
  access: AccessReader,
  { projectId, keyId }: KeyName,
): Promise<Grant | null> {
  const key = await access.apiKey(projectId, keyId);
  const principal = key && (await access.principal(projectId, key.principalId));
  const project = await access.project(projectId);
  return key && principal && project ? { key, principal, project } : null;
}

/** A key as it is now, with whose it is; null when it has ended or they are disabled. */
export async function grantOfKey(access: AccessReader, name: KeyName, now: number): Promise<Grant | null> {
  const grant = await holderOfKey(access, name);
  return grant && isUsable(grant, now) ? grant : null;
}

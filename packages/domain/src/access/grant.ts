import type { ApiKeyId, ProjectId } from '@xem/protocol';
import type { AccessReader } from '@xem/store';
import { isUsable, type Grant } from './caller.ts';

/** A key as it is now, with whose it is; null when it has ended or they are disabled. */
export async function grantOfKey(
  access: AccessReader,
  { projectId, keyId }: { readonly projectId: ProjectId; readonly keyId: ApiKeyId },
  now: number,
): Promise<Grant | null> {
  const key = await access.apiKey(projectId, keyId);
  const principal = key && (await access.principal(projectId, key.principalId));
  const project = await access.project(projectId);
  return key && principal && project && isUsable({ key, principal }, now)
    ? { key, principal, project }
    : null;
}

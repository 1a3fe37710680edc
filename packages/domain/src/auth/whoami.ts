import { PROTOCOL_VERSION, type WhoAmI } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { VerbContext } from '../context.ts';

/** What the caller is and may do. */
export async function whoami({ caller, clock, settings }: VerbContext): Promise<WhoAmI> {
  const { credential, principal, project, groups } = caller;
  return {
    object: 'whoami',
    project: { id: project.id, slug: project.slug, name: project.name },
    principal,
    groups: [...groups],
    key: {
      id: credential.keyId,
      name: credential.keyName,
      prefix: credential.keyPrefix,
      expires_at: toTimestampOrNull(credential.keyExpiresAt),
    },
    session: { kind: credential.kind, expires_at: toTimestampOrNull(credential.expiresAt) },
    scopes: [...credential.scopes],
    can_decide: credential.canDecide,
    endpoints: credential.endpoints && [...credential.endpoints],
    rate: credential.rate,
    router: {
      version: settings.version,
      protocol: PROTOCOL_VERSION,
      time: toTimestamp(clock.now()),
    },
  };
}

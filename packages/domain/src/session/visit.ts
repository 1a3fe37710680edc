import type { ApiKeyId, PrincipalRef, ProjectId } from '@xem/protocol';
import { systemContext, type WriteContext, type WriteServices } from '../context.ts';

/** Where a request of a browser came from, as the journal is told. */
export interface Visit {
  /** Null when it cannot be told. */
  readonly address: string | null;
  readonly requestId: string;
}

interface Visitor {
  readonly projectId: ProjectId;
  readonly actor: PrincipalRef;
  /** Null for whoever comes in by a link, and has no key yet. */
  readonly keyId: ApiKeyId | null;
}

/** The context of what a person does at a page to come in, or to leave. */
export const visitContext = <Given extends WriteServices>(
  services: Given,
  { projectId, ...who }: Visitor,
  { requestId }: Visit,
): Given & WriteContext => ({ ...systemContext(services, projectId), ...who, requestId, surface: 'console' });

import { PrincipalId, type PrincipalKind, type PrincipalRef } from '@xem/protocol';
import type { PrincipalRecord } from '@xem/store';
import type { WriteContext } from '../context.ts';
import type { FactOf } from '../mutate.ts';

/** What a principal is made of. */
export interface PrincipalDraft {
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly groups: readonly string[];
}

/** A new principal; nobody made the ones that come from the router's host. */
export const newPrincipal = (
  ctx: WriteContext,
  { kind, name, groups }: PrincipalDraft,
  createdBy: PrincipalRef | null,
): PrincipalRecord => ({
  id: PrincipalId.parse(`prn_${ctx.ids.hex()}`),
  projectId: ctx.projectId,
  kind,
  name,
  groups,
  disabled: false,
  empoweredAt: createdBy && ctx.clock.now(),
  createdBy,
  createdAt: ctx.clock.now(),
});

/** What the journal hears of a new principal. */
export const principalCreated = ({
  id,
  kind,
  name,
  groups,
}: PrincipalRecord): FactOf<'principal.created'> => ({
  type: 'principal.created',
  subject: { type: 'principal', id },
  data: { kind, name, groups },
});

/** How objects name a principal. */
export const refOf = ({ id, kind, name }: PrincipalRecord): PrincipalRef => ({ id, kind, name });

import { listPrincipals, type Page, type ParsedInputOf, type Principal } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { presentPrincipal } from './present.ts';

/** Lists the humans and services of the project, newest first. */
export const list = (
  ctx: VerbContext,
  page: ParsedInputOf<typeof listPrincipals>,
): Promise<Page<Principal>> =>
  readPage({ projectId: ctx.projectId, route: listPrincipals.id, filter: {} }, page, {
    rows: (slice) => ctx.store.read.access.principals(ctx.projectId, {}, slice),
    position: positionOf,
    present: presentPrincipal,
  });

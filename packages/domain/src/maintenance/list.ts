import { listMaintenance, type Maintenance, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { presentMaintenance } from './present.ts';

/** Lists the project's windows, newest first. */
export const list = (
  ctx: VerbContext,
  { limit, after, status }: ParsedInputOf<typeof listMaintenance>,
): Promise<Page<Maintenance>> =>
  readPage(
    { projectId: ctx.projectId, route: listMaintenance.id, filter: { status } },
    { limit, after },
    {
      rows: (slice) => ctx.store.read.maintenance.list(ctx.projectId, { status }, slice),
      position: positionOf,
      present: presentMaintenance,
    },
  );

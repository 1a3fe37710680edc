import type { ProjectRecord } from '@xem/store';
import type { WriteServices } from '../context.ts';
import { create, type ProjectDraft } from '../project/create.ts';

/** The project of a slug, made when there is none. */
export const foundProject = async (services: WriteServices, draft: ProjectDraft): Promise<ProjectRecord> =>
  (await services.store.read.access.projectBySlug(draft.slug)) ?? (await create(services, draft));

import { z } from 'zod';
import { ProjectId, Timestamp } from '../id.ts';
import { Pause } from './agent.ts';

/** What everything belongs to. */
export const Project = z
  .object({
    object: z.literal('project'),
    id: ProjectId,
    slug: z.string(),
    name: z.string(),
    paused: Pause.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof Project>;

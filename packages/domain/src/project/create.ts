import { ExecError } from '@xem/errors';
import { ProjectId, ProjectSlug } from '@xem/protocol';
import type { ProjectRecord } from '@xem/store';
import { internalOperation, systemContext, type WriteServices } from '../context.ts';
import { mutate } from '../mutate.ts';
import { defaultPolicy } from '../policy/default-policy.ts';
import { policyFact } from '../policy/facts.ts';

const createProject = internalOperation('project.create');

/** What a project is called; the slug stands in its API keys. */
export interface ProjectDraft {
  readonly slug: string;
  readonly name: string;
}

/** Makes a project with its default policy; only programs on the router's host do. @throws ExecError invalid_state */
export async function create(services: WriteServices, draft: ProjectDraft): Promise<ProjectRecord> {
  const slug = ProjectSlug.parse(draft.slug);
  const ctx = systemContext(services, ProjectId.parse(`prj_${services.ids.hex()}`));
  return mutate(ctx, createProject, async (tx) => {
    if (await tx.access.projectBySlug(slug))
      throw new ExecError('invalid_state', `the slug ${slug} is taken`);
    const project: ProjectRecord = {
      id: ctx.projectId,
      version: 1,
      slug,
      name: draft.name,
      paused: null,
      plan: 'standard',
      rate: null,
      billing: 'current',
      tariff: null,
      createdAt: ctx.clock.now(),
    };
    const policy = defaultPolicy(ctx);
    await tx.access.insertProject(project);
    await tx.policies.insert(policy);
    const created = { subject: { type: 'project', id: project.id }, data: { slug } };
    return {
      result: project,
      facts: [{ type: 'project.created', ...created }, policyFact('policy.created', policy)],
    };
  });
}

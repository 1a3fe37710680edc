import { GATED_RISKS, type AgentId, type ProjectId } from '@xem/protocol';
import type { Catalogue } from '../catalogue/catalogue.ts';

interface NameOfAgent {
  readonly projectId: ProjectId;
  readonly agentId: AgentId;
  readonly name: string;
}

/** The digest of a gated tool that another agent of the project has under this name; null when none has. */
export function gatedElsewhere(
  catalogue: Catalogue,
  { projectId, agentId, name }: NameOfAgent,
): string | null {
  const variants = catalogue.find(projectId, name)?.variants ?? [];
  const gated = variants.find(
    ({ definition, agents, changing }) =>
      GATED_RISKS.has(definition.risk) && [...agents, ...changing].some((other) => other !== agentId),
  );
  return gated?.digest ?? null;
}

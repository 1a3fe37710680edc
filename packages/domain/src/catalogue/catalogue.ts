import {
  strictestRisk,
  type AgentId,
  type PendingChange,
  type ProjectId,
  type Risk,
  type ToolDefinition,
  type WorkspaceId,
} from '@xem/protocol';
import type { AgentToolRecord, BindingRecord } from '@xem/store';
import { createServed, type Served } from './served.ts';
import { createArgsCompiler, type ArgsCheck, type CompileArgsCheck } from './args-check.ts';

/** One definition of a tool and the agents that publish it. */
export interface Variant {
  readonly digest: string;
  readonly definition: ToolDefinition;
  /** Those that can run it. */
  readonly agents: ReadonlySet<AgentId>;
  /** Those it stands for until a person accepts what they have in its place: they cannot run it. */
  readonly changing: ReadonlySet<AgentId>;
  /** Those for which a person accepted it. */
  readonly accepted: ReadonlySet<AgentId>;
  /** When the first of its agents published it. */
  readonly boundAt: number;
  /** Compiled when first asked for. */
  checkArgs(): ArgsCheck;
}

/**
 * The definitions of one name within some reach, the first bound first, and the strictest risk that any enrolled agent
 * bound there ever gave it: none can tame a name by taking its own tool away, or itself out of a workspace.
 */
export interface ToolVariants {
  readonly name: string;
  readonly variants: readonly Variant[];
  readonly risk: Risk;
}

/** What the catalogue keeps of a manifest. */
export interface PublishedManifest {
  readonly projectId: ProjectId;
  readonly workspaces: readonly WorkspaceId[];
  /** What the agent can run. */
  readonly tools: readonly AgentToolRecord[];
  /** What stands while the manifest says other: it counts for the risk of its name, and nobody runs it. */
  readonly changing: readonly AgentToolRecord[];
  /** What the agent took away: it counts for the risk of its name where others have that. */
  readonly withdrawn: readonly AgentToolRecord[];
  readonly waiting: readonly PendingChange[];
}

/** A change that waits for a person, and whose it is. */
export interface WaitingChange {
  readonly agentId: AgentId;
  readonly change: PendingChange;
}

/**
 * The tools of every enrolled agent and the workspaces it is bound to. Memory only: built from the store at start,
 * and changed after the commit that changes the store.
 */
export interface Catalogue {
  /** Compiles the check of a tool's arguments; made once, since making a compiler takes longer than compiling. */
  readonly compile: CompileArgsCheck;
  /** Replaces what an agent publishes: its tools, and the workspaces its manifest names. */
  publish(agentId: AgentId, manifest: PublishedManifest): void;
  bind(binding: Pick<BindingRecord, 'workspaceId' | 'agentId'>): void;
  unbind(binding: Pick<BindingRecord, 'workspaceId' | 'agentId'>): void;
  /** Forgets an agent: its tools and its bindings. */
  forget(agentId: AgentId): void;
  /** Every name of a project, or of one workspace of it, in alphabetical order. */
  list(projectId: ProjectId, workspaceId?: WorkspaceId): readonly ToolVariants[];
  /** The definitions of a name in a project, or in one workspace of it. */
  find(projectId: ProjectId, name: string, workspaceId?: WorkspaceId): ToolVariants | null;
  /** The changes of a name that wait for a person in a project, or in one workspace of it. */
  waiting(projectId: ProjectId, name: string, workspaceId?: WorkspaceId): readonly WaitingChange[];
  /** The workspaces an agent serves: bound by the router and named in its manifest. */
  workspacesOf(agentId: AgentId): ReadonlySet<WorkspaceId>;
}

interface VariantEntry extends Variant {
  readonly agents: Set<AgentId>;
  readonly changing: Set<AgentId>;
  readonly accepted: Set<AgentId>;
  readonly withdrawn: Set<AgentId>;
  boundAt: number;
}

type ProjectTools = Map<string, Map<string, VariantEntry>>;

function createVariant(tool: AgentToolRecord, compile: CompileArgsCheck): VariantEntry {
  let check: ArgsCheck | undefined;
  return {
    digest: tool.digest,
    definition: tool.definition,
    agents: new Set(),
    changing: new Set(),
    accepted: new Set(),
    withdrawn: new Set(),
    boundAt: tool.boundAt,
    checkArgs: () => (check ??= compile(tool.definition.parameters)),
  };
}

const orCreate = <Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value => {
  const found = map.get(key) ?? create();
  map.set(key, found);
  return found;
};

const holdersOf = ({ agents, changing, withdrawn }: VariantEntry): readonly AgentId[] => [
  ...agents,
  ...changing,
  ...withdrawn,
];

const toVariants = (
  name: string,
  variants: readonly Variant[],
  counting: readonly Variant[],
): ToolVariants | null =>
  variants.length === 0
    ? null
    : {
        name,
        variants: variants.toSorted((a, b) => a.boundAt - b.boundAt || (a.digest < b.digest ? -1 : 1)),
        risk: strictestRisk(counting.map(({ definition }) => definition.risk)),
      };

type Gather = (
  name: string,
  digests: ReadonlyMap<string, VariantEntry>,
  workspaceId?: WorkspaceId,
) => ToolVariants | null;

/** Tells what is offered of a name, and the risk it has by all who are bound. */
function createGather(served: Served): Gather {
  const isOffered = ({ agents, changing }: Variant, workspaceId?: WorkspaceId): boolean =>
    [...agents, ...changing].some(
      (agentId) => workspaceId === undefined || served.of(agentId).has(workspaceId),
    );
  const counts = (variant: VariantEntry, workspaceId?: WorkspaceId): boolean =>
    holdersOf(variant).some(
      (agentId) => workspaceId === undefined || served.isBound({ agentId, workspaceId }),
    );
  return (name, digests, workspaceId) => {
    const all = [...digests.values()];
    const offered = all.filter((variant) => isOffered(variant, workspaceId));
    const counting = all.filter((variant) => counts(variant, workspaceId));
    return toVariants(name, offered, counting);
  };
}

function removeFrom(
  projects: Map<ProjectId, ProjectTools>,
  agentId: AgentId,
  publication: PublishedManifest,
): void {
  const names = projects.get(publication.projectId);
  const { tools, changing, withdrawn } = publication;
  for (const { name, digest } of [...tools, ...changing, ...withdrawn]) {
    const digests = names?.get(name);
    const variant = digests?.get(digest);
    for (const list of variant
      ? [variant.agents, variant.changing, variant.accepted, variant.withdrawn]
      : []) {
      list.delete(agentId);
    }
    if (variant && holdersOf(variant).length === 0) digests?.delete(digest);
    if (digests?.size === 0) names?.delete(name);
  }
}

function addTo(
  projects: Map<ProjectId, ProjectTools>,
  tool: AgentToolRecord,
  compile: CompileArgsCheck,
): VariantEntry {
  const names = orCreate(projects, tool.projectId, () => new Map());
  const digests = orCreate(names, tool.name, () => new Map());
  const variant = orCreate(digests, tool.digest, () => createVariant(tool, compile));
  if (tool.acceptedBy !== null) variant.accepted.add(tool.agentId);
  variant.boundAt = Math.min(variant.boundAt, tool.boundAt);
  return variant;
}

/** An empty catalogue. */
export function createCatalogue(): Catalogue {
  const compile = createArgsCompiler();
  const projects = new Map<ProjectId, ProjectTools>();
  const publications = new Map<AgentId, PublishedManifest>();
  const served = createServed((agentId) => publications.get(agentId)?.workspaces ?? []);

  const gather = createGather(served);
  const retract = (agentId: AgentId): void => {
    const publication = publications.get(agentId);
    if (publication) removeFrom(projects, agentId, publication);
    publications.delete(agentId);
    served.renew(agentId);
  };
  const publishersIn = (projectId: ProjectId, workspaceId?: WorkspaceId) =>
    [...publications].filter(
      ([agentId, publication]) =>
        publication.projectId === projectId &&
        (workspaceId === undefined || served.of(agentId).has(workspaceId)),
    );

  return {
    compile,
    publish: (agentId, manifest) => {
      retract(agentId);
      publications.set(agentId, manifest);
      for (const tool of manifest.tools) addTo(projects, tool, compile).agents.add(agentId);
      for (const tool of manifest.changing) addTo(projects, tool, compile).changing.add(agentId);
      for (const tool of manifest.withdrawn) addTo(projects, tool, compile).withdrawn.add(agentId);
    },
    bind: (binding) => served.bind(binding),
    unbind: (binding) => served.unbind(binding),
    forget: (agentId) => {
      retract(agentId);
      served.forget(agentId);
    },
    list: (projectId, workspaceId) =>
      [...(projects.get(projectId) ?? [])]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, digests]) => gather(name, digests, workspaceId) ?? []),
    find: (projectId, name, workspaceId) => {
      const digests = projects.get(projectId)?.get(name);
      return digests ? gather(name, digests, workspaceId) : null;
    },
    waiting: (projectId, name, workspaceId) =>
      publishersIn(projectId, workspaceId).flatMap(([agentId, { waiting }]) =>
        waiting.filter(({ tool }) => tool === name).map((change) => ({ agentId, change })),
      ),
    workspacesOf: (agentId) => served.of(agentId),
  };
}

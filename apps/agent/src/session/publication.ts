import {
  hashJson,
  type Manifest,
  manifestHash,
  type BindingNotice,
  type ToolDefinition,
  type WorkspaceId,
} from '@xem/protocol';
import { z } from 'zod';
import type { Journal } from '../journal/journal.ts';

/** What the agent publishes of itself: its tools, for the workspaces it serves. */
export interface Publication {
  manifest(): Manifest;
  hash(): string;
  serves(workspaceId: string): boolean;
  /** Takes the bindings as the router tells them; true when the manifest is another one now. */
  rebind(bindings: readonly BindingNotice[]): boolean;
  /** Takes the tools as they are now; true when the manifest is another one now. */
  refresh(): boolean;
}

/** Which of the bindings are served: `*` for all, or ids separated by commas. */
type WorkspaceSetting = string;

interface PublicationContext {
  tools(): readonly ToolDefinition[];
  readonly workspaces: WorkspaceSetting;
  /** The name of the credentials of a workspace; never what is in them. */
  credentialsRef(workspaceId: WorkspaceId): string | null;
  readonly journal: Pick<Journal, 'readFact' | 'writeFact'>;
}

const FACT = 'manifest';

const Published = z.object({ version: z.int().min(1), content_hash: z.string() });

function entryOf(
  ctx: PublicationContext,
  { workspace_id: id, type }: BindingNotice,
): Manifest['workspaces'][number] {
  const ref = ctx.credentialsRef(id);
  return { id, ...(type === null ? {} : { type }), ...(ref === null ? {} : { credentials_ref: ref }) };
}

/** The entries of a manifest for bindings, in an order that does not depend on how they were told. */
function servedOf(ctx: PublicationContext, bindings: readonly BindingNotice[]): Manifest['workspaces'] {
  const wanted = new Set(ctx.workspaces.split(',').map((word) => word.trim()));
  return bindings
    .filter(({ workspace_id }) => wanted.has('*') || wanted.has(workspace_id))
    .map((binding) => entryOf(ctx, binding))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

type Content = Pick<Manifest, 'workspaces' | 'tools'>;

/** A version is never used for two contents, not even across restarts. */
function versionOf({ journal }: PublicationContext, content: Content): number {
  const content_hash = hashJson(content);
  const known = Published.safeParse(JSON.parse(journal.readFact(FACT) ?? 'null')).data;
  if (known?.content_hash === content_hash) return known.version;
  const version = (known?.version ?? 0) + 1;
  journal.writeFact(FACT, JSON.stringify({ version, content_hash }));
  return version;
}

/** A publication for these bindings. */
export function createPublication(ctx: PublicationContext, bindings: readonly BindingNotice[]): Publication {
  const build = (workspaces: Manifest['workspaces']) => {
    const content = { workspaces, tools: [...ctx.tools()] };
    const manifest: Manifest = { manifest_version: versionOf(ctx, content), ...content };
    const served = new Set<string>(workspaces.map(({ id }): WorkspaceId => id));
    return { manifest, hash: manifestHash(manifest), served };
  };
  let told = bindings;
  let current = build(servedOf(ctx, told));
  const refresh = (): boolean => {
    const before = current.hash;
    current = build(servedOf(ctx, told));
    return current.hash !== before;
  };
  return {
    manifest: () => current.manifest,
    hash: () => current.hash,
    serves: (workspaceId) => current.served.has(workspaceId),
    rebind: (next) => {
      told = next;
      return refresh();
    },
    refresh,
  };
}

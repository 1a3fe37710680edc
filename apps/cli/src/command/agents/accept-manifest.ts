import { isDeepStrictEqual } from 'node:util';
import { ROUTES, type Input } from '@xem/client';
import { prefixedForm, TOOL_NAME_FORM, type AgentManifest, type ToolDefinition } from '@xem/protocol';
import { askYes, assertSomebody } from '../../ask-yes.ts';
import { UsageError } from '../../exit.ts';
import { renderDetails, type Detail } from '../../render/detail.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { argument, flag, id, text } from '../flag.ts';

type Change = AgentManifest['pending_changes'][number];

/** In the order in which they matter to whoever decides. */
const MEMBERS = [
  ['Description', 'description'],
  ['Parameters', 'parameters'],
  ['Idempotent', 'idempotent'],
  ['Timeout', 'timeout_ms'],
  ['Domain', 'domain'],
  ['Output', 'output'],
  ['MCP', 'mcp'],
] as const satisfies readonly (readonly [string, keyof ToolDefinition])[];

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function differencesOf({ old, new: next }: Change): readonly Detail[] {
  return MEMBERS.flatMap(([title, name]): readonly Detail[] => {
    if (old === null) return [[title, shown(next[name])]];
    if (isDeepStrictEqual(old[name], next[name])) return [];
    return [
      [`${title} was`, shown(old[name])],
      [`${title} now`, shown(next[name])],
    ];
  });
}

const riskOf = ({ old, new: next }: Change): string => {
  if (old === null) return `${next.risk}; another agent had this name with a higher one`;
  return old.risk === next.risk ? `${next.risk}, as before` : `${old.risk} -> ${next.risk}`;
};

/** What stands and what would, the risk first. */
const describe = (change: Change): string =>
  renderDetails([
    ['Tool', change.tool],
    ['Risk', riskOf(change)],
    ...differencesOf(change),
    ['Digest was', change.old_digest],
    ['Digest now', change.new_digest],
  ]);

interface Wish {
  readonly tool: string | undefined;
  readonly digest: string | undefined;
  readonly all: boolean | undefined;
  readonly yes: boolean | undefined;
}

/** Scripts say what they mean; people are shown it. @throws UsageError */
function assertNamed({ tool, digest, all, yes }: Wish): void {
  if (digest !== undefined && tool === undefined) throw new UsageError('--digest goes with --tool');
  if (all && tool !== undefined) throw new UsageError('give --tool or --all, not both');
  if (yes && !all && (tool === undefined || digest === undefined)) {
    throw new UsageError('--yes needs --tool and --digest, or --all');
  }
}

const isMeant =
  ({ tool, digest }: Wish) =>
  (change: Change): boolean =>
    (tool ?? change.tool) === change.tool && (digest ?? change.new_digest) === change.new_digest;

async function ask({ io }: Session, changes: readonly Change[]): Promise<void> {
  assertSomebody(io, '--yes accepts without asking');
  const what = changes.length === 1 ? 'this change' : `these ${changes.length} changes`;
  await askYes(io, `Accept ${what}?`, 'nothing was accepted');
}

/** What the router is told: the changes that were shown, or that all of this very manifest are meant. */
function acceptanceOf(
  { agent_id: agentId, manifest_hash }: AgentManifest,
  wish: Wish,
  changes: readonly Change[],
): Input<'agent.accept_manifest'> {
  const { tool, digest } = wish;
  if (tool === undefined) return { id: agentId, manifest_hash };
  if (digest !== undefined) return { id: agentId, changes: [{ tool, new_digest: digest }] };
  return { id: agentId, changes: changes.map((one) => ({ tool: one.tool, new_digest: one.new_digest })) };
}

export const acceptManifest = command({
  about:
    'Shows what stands and what would stand in its place, and asks. What is accepted is what was shown: had it changed since, the router refuses it.',
  flags: {
    tool: id(TOOL_NAME_FORM, 'Only the change of this tool'),
    digest: text('DIGEST', 'Only when this is its new digest'),
    all: flag('Every change that waits; the same as naming no tool'),
    yes: flag('Do not ask'),
  },
  args: { id: argument('AGENT-ID', 'The id of the agent', prefixedForm('agt')) },
  letters: { y: 'yes' },
  run: async (session, { flags, args }) => {
    assertNamed(flags);
    const { data: manifest } = await session.call(ROUTES['agent.manifest'], { id: args.id });
    const changes = manifest.pending_changes.filter(isMeant(flags));
    if (flags.tool !== undefined && flags.digest === undefined && changes.length === 0) {
      throw new UsageError(`no change of ${flags.tool} waits`);
    }
    await session.io.stderr.write(changes.map(describe).join('\n'));
    if (!flags.yes && changes.length > 0) await ask(session, changes);
    const { data } = await session.call(
      ROUTES['agent.accept_manifest'],
      acceptanceOf(manifest, flags, changes),
    );
    await session.print.object(data, { first: ['id', 'registration_name', 'manifest'] });
    const left = data.manifest.pending_changes.length;
    if (left > 0) await session.print.hint(`${left} more wait: xeroctl agents manifest ${visible(args.id)}`);
  },
});

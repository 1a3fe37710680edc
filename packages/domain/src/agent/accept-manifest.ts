import { ExecError } from '@xem/errors';
import {
  acceptManifest as acceptManifestOperation,
  toolDigest,
  type Agent,
  type AgentId,
  type ParsedInputOf,
  type PendingChange,
} from '@xem/protocol';
import type { AgentToolRecord, ManifestRecord, WriteTx } from '@xem/store';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { pendingChanges } from '../manifest/pending.ts';
import { publicationOf } from '../manifest/publication.ts';
import { mutate, type Fact } from '../mutate.ts';
import { isAdmitted } from './admitted.ts';
import { agentFact } from './facts.ts';
import { loadAgent } from './load.ts';
import { presentAgent } from './present.ts';

type Accepted = ParsedInputOf<typeof acceptManifestOperation>;

interface Waiting {
  readonly published: ManifestRecord;
  readonly standing: readonly AgentToolRecord[];
  readonly pending: readonly PendingChange[];
}

const nothing = (message: string): ExecError => new ExecError('manifest_change_not_found', message);

async function waitingOf(ctx: VerbContext, tx: WriteTx, id: AgentId): Promise<Waiting> {
  const agent = await loadAgent(ctx, tx.agents, id);
  const published = isAdmitted(agent) ? await tx.agents.manifest(id) : null;
  if (!published) throw nothing(`agent ${id} publishes nothing: it is ${agent.status}`);
  const standing = await tx.agents.toolsOf(id);
  return { published, standing, pending: pendingChanges(published.manifest, standing) };
}

/** What is accepted is named, so that nobody lets in what was not shown. */
function chosenOf({ published, pending }: Waiting, input: Accepted): readonly PendingChange[] {
  const { id, changes, manifest_hash: hash } = input;
  if (changes === undefined) {
    if (published.hash !== hash) throw nothing(`agent ${id} publishes another manifest: ${published.hash}`);
    if (pending.length === 0) throw nothing(`no change of agent ${id} waits`);
    return pending;
  }
  const waiting = new Map(pending.map((change) => [change.tool, change]));
  const names = new Set(changes.map(({ tool }) => tool));
  for (const { tool, new_digest: digest } of changes) {
    const change = waiting.get(tool);
    if (change?.new_digest === digest) continue;
    const there = change ? `it is ${change.new_digest}` : 'nothing of it waits';
    throw nothing(`agent ${id} has no change of ${tool} to ${digest}: ${there}`);
  }
  return pending.filter(({ tool }) => names.has(tool));
}

/** The tools as they stand with these definitions let in. */
function standingWith(
  ctx: VerbContext,
  { published, standing }: Waiting,
  chosen: readonly PendingChange[],
): readonly AgentToolRecord[] {
  const names = new Set(chosen.map(({ tool }) => tool));
  const accepted = published.manifest.tools.filter(({ name }) => names.has(name));
  const definitions = new Map(accepted.map((definition) => [definition.name, definition]));
  const now = ctx.clock.now();
  return standing.map((row) => {
    const definition = definitions.get(row.name);
    if (!definition) return row;
    const digest = toolDigest(definition);
    const boundAt = digest === row.digest ? row.boundAt : now;
    return { ...row, digest, definition, boundAt, acceptedBy: ctx.caller.principal, heldBehind: null };
  });
}

const acceptedFact = (id: AgentId, { hash }: ManifestRecord, change: PendingChange): Fact =>
  agentFact('agent.manifest_accepted', id, { ...change, manifest_hash: hash });

/**
 * Lets changed tools of an agent stand as its manifest has them. Only humans do: the definitions were shown to
 * somebody. @throws ExecError agent_not_found, manifest_change_not_found, scope_insufficient
 */
export async function acceptManifest(ctx: VerbContext, input: Accepted): Promise<Agent> {
  await mutate<void>(ctx, acceptManifestOperation, async (tx) => {
    assertHuman(ctx, 'accepts a changed tool');
    const waiting = await waitingOf(ctx, tx, input.id);
    const chosen = chosenOf(waiting, input);
    const standing = standingWith(ctx, waiting, chosen);
    const { published } = waiting;
    await tx.agents.publish(published, standing);
    return {
      result: undefined,
      facts: chosen.map((change) => acceptedFact(input.id, published, change)),
      committed: () =>
        ctx.catalogue.publish(input.id, publicationOf(published.manifest, published, standing)),
    };
  });
  return presentAgent(ctx, await loadAgent(ctx, ctx.store.read.agents, input.id));
}

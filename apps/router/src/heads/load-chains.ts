import { checkHeads, createChains, isSignedBy, type Chains } from '@xem/domain';
import type { ProjectId, SignedHead } from '@xem/protocol';
import type { Log } from '@xem/runtime';
import type { Store } from '@xem/store';
import { readHeads } from './head-file.ts';

interface LoadOptions {
  readonly path: string;
  readonly store: Pick<Store, 'read'>;
  /** base64url of the router's Ed25519 public key. */
  readonly signingKey: string;
  readonly log: Log;
}

function byProject(heads: readonly SignedHead[]): ReadonlyMap<ProjectId, readonly SignedHead[]> {
  const projects = new Map<ProjectId, SignedHead[]>();
  for (const head of heads) {
    const known = projects.get(head.project_id);
    if (known) known.push(head);
    else projects.set(head.project_id, [head]);
  }
  return projects;
}

async function readOwn({ path, signingKey, log }: LoadOptions): Promise<readonly SignedHead[]> {
  const { heads, badLines } = await readHeads(path);
  if (badLines.length > 0) log.error('journal.heads_unreadable', { path, lines: badLines.slice(0, 10) });
  const own = heads.filter((head) => isSignedBy(signingKey, head));
  if (own.length < heads.length)
    log.error('journal.heads_not_ours', { path, count: heads.length - own.length });
  return own;
}

/**
 * Reads what was signed of the chains, and compares each with what the store has of it now. A chain that is not as it
 * was signed is logged and stays in doubt: its head is not signed any more, and its check says where it departs.
 */
export async function loadChains(options: LoadOptions): Promise<Chains> {
  const { store, log } = options;
  const { journal } = store.read;
  const chains = createChains();
  for (const [projectId, heads] of byProject(await readOwn(options))) {
    const last = heads.at(-1);
    if (last) chains.noteSigned(projectId, last);
    const firstBadSeq = await checkHeads(journal, projectId, heads);
    if (firstBadSeq === null) continue;
    chains.castDoubt(projectId, firstBadSeq);
    const { seq } = await journal.head(projectId);
    log.error('journal.not_as_signed', { projectId, firstBadSeq, signedSeq: last?.seq, headSeq: seq });
  }
  return chains;
}

import { isUnchosenGap, type Services } from '@xem/domain';

const FIX =
  'a gated call that nobody decides in time just ends; name who is asked next in escalation_chain: xeroctl approvals policies set';

/** Says once, when a router starts, which projects still escalate to nobody because nobody chose otherwise. */
export async function warnOfGaps({ store, log }: Pick<Services, 'store' | 'log'>): Promise<void> {
  const projects = await store.read.access.projects();
  const found = await Promise.all(
    projects.map(async ({ id, slug }) => {
      const policy = await store.read.policies.inForce(id, null);
      return policy && isUnchosenGap(policy) ? [slug] : [];
    }),
  );
  const slugs = found.flat().toSorted();
  if (slugs.length > 0) log.warn('policy.escalates_to_nobody', { projects: slugs, fix: FIX });
}

import { SECOND_MS, createJoinKey, JoinKeyId, type JoinKey, type ParsedInputOf } from '@xem/protocol';
import type { JoinKeyRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { loadWorkspace } from '../workspace/load.ts';
import { joinKeyFact } from './facts.ts';
import { presentJoinKey } from './present.ts';
import { signJoinKey } from './sign.ts';

type Draft = ParsedInputOf<typeof createJoinKey>;

/** A JWT counts whole seconds: the record expires with it. */
function newJoinKey(ctx: VerbContext, draft: Draft): JoinKeyRecord {
  const createdAt = ctx.clock.now();
  return {
    id: JoinKeyId.parse(`jkr_${ctx.ids.hex()}`),
    version: 1,
    projectId: ctx.projectId,
    registrationName: draft.name ?? null,
    region: draft.region ?? null,
    replace: draft.replace,
    workspaces: [...new Set(draft.workspaces)],
    uses: draft.uses,
    expiresAt: (Math.floor(createdAt / SECOND_MS) + draft.expires_in_seconds) * SECOND_MS,
    revokedAt: null,
    createdAt,
    createdBy: ctx.caller.principal,
  };
}

/** The host's own name, in the letters a registration name may have. */
const OWN_NAME = '"$(uname -n | cut -d. -f1 | tr A-Z_ a-z-)"';

/**
 * What to type on the host, at the top of a checkout; a key for any name takes the host's own. The key stands in the
 * environment, since everybody on a host can read the arguments of a program.
 */
const commandFor = (value: string, name: string | null): string =>
  `XEM_JOIN_KEY=${value} npx -y pnpm@12 --silent xem-agent --registration-name ${name ?? OWN_NAME}`;

/** Mints a join key; its value is in this answer only. @throws ExecError workspace_not_found */
export const create = (ctx: VerbContext, input: Draft): Promise<JoinKey> =>
  mutate(ctx, createJoinKey, async (tx) => {
    for (const id of input.workspaces) await loadWorkspace(ctx, tx.workspaces, id);
    const row = newJoinKey(ctx, input);
    const value = signJoinKey(ctx, row);
    await tx.joinKeys.insert(row);
    const shown = await presentJoinKey(ctx, tx.joinKeys, row);
    return {
      result: { ...shown, value, command: commandFor(value, row.registrationName) },
      facts: [joinKeyFact('join_key.created', row.id, { uses: row.uses, replace: row.replace })],
    };
  });

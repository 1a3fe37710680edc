import { ExecError } from '@xem/errors';
import { createPrincipal, createSignInLink, type OutputOf, type ParsedInputOf } from '@xem/protocol';
import type { PrincipalRecord, WriteTx } from '@xem/store';
import { assertHuman } from '../access/human.ts';
import type { VerbContext } from '../context.ts';
import { mutate, type Change } from '../mutate.ts';
import { presentPrincipal } from './present.ts';
import { newPrincipal, principalCreated } from './record.ts';
import { invite, type SignInDraft } from './sign-in-link.ts';

type Request = ParsedInputOf<typeof createPrincipal>;
type NewPrincipal = OutputOf<typeof createPrincipal>;

const SIGN_IN_DEFAULT: SignInDraft = createSignInLink.input.omit({ id: true }).parse({});

async function admitService(
  row: PrincipalRecord,
  { sign_in: signIn }: Request,
): Promise<Change<NewPrincipal>> {
  if (signIn === undefined) return { result: presentPrincipal(row), facts: [principalCreated(row)] };
  const param = '/sign_in';
  throw new ExecError('invalid_body', 'sign_in is for humans; mint a key for a service', { param });
}

async function admitHuman(
  ctx: VerbContext,
  tx: WriteTx,
  { row, request }: { readonly row: PrincipalRecord; readonly request: Request },
): Promise<Change<NewPrincipal>> {
  const draft = request.sign_in ?? SIGN_IN_DEFAULT;
  const { link, told } = await invite(ctx, tx, { principal: row, draft, place: '/sign_in' });
  const fact = principalCreated(row);
  return {
    result: { ...presentPrincipal(row), sign_in_link: link },
    facts: [{ ...fact, data: { ...fact.data, ...told } }],
  };
}

/**
 * Makes a human, whose sign-in link is in this answer only, or a service. Only humans do: no program brings an approver
 * into being. @throws ExecError scope_insufficient, invalid_body, invalid_state
 */
export const create = (ctx: VerbContext, input: Request): Promise<NewPrincipal> =>
  mutate(ctx, createPrincipal, async (tx) => {
    assertHuman(ctx, 'makes principals');
    const row = newPrincipal(ctx, input, ctx.caller.principal);
    await tx.access.insertPrincipal(row);
    return row.kind === 'service' ? admitService(row, input) : admitHuman(ctx, tx, { row, request: input });
  });

import { ExecError } from '@xem/errors';
import type { CreditRecord, InvocationRecord, WriteTx } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { leastReservation, reservationOf } from './price.ts';

const refuse = ({ granted, reserved, settled }: CreditRecord, credits: number): never => {
  const left = granted - settled - reserved;
  throw new ExecError(
    'insufficient_quota',
    `the project has ${left} credits left, and the call needs ${credits} kept back until it ends`,
  );
};

/** Whether credits could be kept back now. A project without an account is not metered. @throws ExecError insufficient_quota */
async function assertLeft(ctx: VerbContext, credits: number): Promise<void> {
  const account = await ctx.store.read.credit.get(ctx.projectId);
  if (account && account.granted - account.settled - account.reserved < credits) refuse(account, credits);
}

/**
 * Lets a project through that pays what it owes, and has credit for the least that a call can cost. Of a project
 * without a tariff nothing is read. @throws ExecError billing_delinquent, insufficient_quota
 */
export async function assertMayPay(ctx: VerbContext): Promise<void> {
  const { billing, tariff } = ctx.caller.project;
  if (billing === 'delinquent')
    throw new ExecError('billing_delinquent', 'the project has not paid what it owes; nothing new is let in');
  if (tariff !== null) await assertLeft(ctx, leastReservation(tariff));
}

/** Lets a call through for whose time there is credit. @throws ExecError insufficient_quota */
export async function assertMayRun(ctx: VerbContext, timeoutMs: number): Promise<void> {
  const { tariff } = ctx.caller.project;
  if (tariff !== null) await assertLeft(ctx, reservationOf(tariff, timeoutMs));
}

/**
 * A new call with what it may cost kept back for it, in the transaction that stores it: of many at once none spends
 * what another has. @throws ExecError insufficient_quota
 */
export async function keepBack(
  { caller: { project } }: VerbContext,
  tx: WriteTx,
  call: InvocationRecord,
): Promise<InvocationRecord> {
  if (project.tariff === null) return call;
  const creditReserved = reservationOf(project.tariff, call.timeoutMs);
  if (await tx.credit.reserve(project.id, creditReserved)) return { ...call, creditReserved };
  const account = await tx.credit.get(project.id);
  return account ? refuse(account, creditReserved) : call;
}

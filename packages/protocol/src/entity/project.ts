import { z } from 'zod';
import { ProjectId, Timestamp } from '../id.ts';
import { Pause } from './agent.ts';
import { RateLimit } from './principal.ts';

/** Credits that are granted or priced, so many at most that sums of them stay exact. */
const CREDITS_MAX = 1_000_000_000_000;

/** A whole number of credits. */
export const Credits = z.int().min(0).max(CREDITS_MAX);

const PRICE_MAX = 1_000_000;

/** What a call costs, in whole credits: once when it goes to an agent, and for each second that it runs. */
export const CallTariff = z.strictObject({
  per_call: z.int().min(0).max(PRICE_MAX),
  per_second: z.int().min(0).max(PRICE_MAX),
});
export type CallTariff = z.infer<typeof CallTariff>;

/** Whether a project pays what it owes. */
export const Billing = z.enum(['current', 'delinquent']);

const Account = z.object({
  granted: z.int().min(0),
  reserved: z.int().min(0),
  settled: z.int().min(0),
  available: z.int().min(0),
});

/** What everything belongs to. */
export const Project = z
  .object({
    object: z.literal('project'),
    id: ProjectId,
    slug: z.string(),
    name: z.string(),
    paused: Pause.nullable(),
    plan: z.string(),
    rate: RateLimit.nullable(),
    billing: Billing,
    tariff: CallTariff.nullable(),
    credit: Account.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof Project>;

import { WorkspaceId } from '@xem/protocol';
import { z } from 'zod';
import { DAYS, isTimeZone } from './hours.ts';

const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, as 08:00');

/** From `from` up to `to`, over midnight when `to` is earlier; `days` are those on which it begins. */
const Hours = z
  .strictObject({
    zone: z.string().refine(isTimeZone, 'must be a time zone, as Europe/Berlin or UTC'),
    days: z
      .array(z.enum(DAYS))
      .min(1)
      .default([...DAYS]),
    from: TimeOfDay,
    to: TimeOfDay,
  })
  .refine(({ from, to }) => from !== to, { message: 'must not be the same as from', path: ['to'] });
export type Hours = z.infer<typeof Hours>;

/** What a call must be for a rule to decide over it: all that is said, anything where nothing is said. */
const PolicyRule = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, _ . or -'),
  effect: z.enum(['allow', 'deny']),
  /** Names of tools; `*` stands for any characters, `?` for one. */
  tools: z.array(z.string().min(1).max(128)).min(1).optional(),
  workspaces: z.array(WorkspaceId).min(1).optional(),
  /** Patterns by the name of an argument, or by a JSON pointer into the arguments. */
  args: z.record(z.string().min(1), z.string().max(1024)).optional(),
  hours: Hours.optional(),
});
export type PolicyRule = z.infer<typeof PolicyRule>;

/** `policy.yaml`: the first rule that fits decides. */
export const PolicyFile = z.strictObject({
  default: z.enum(['allow', 'deny']).default('allow'),
  rules: z
    .array(PolicyRule)
    .default([])
    .superRefine((rules, ctx) => {
      for (const [index, { name }] of rules.entries()) {
        if (rules.findIndex((rule) => rule.name === name) === index) continue;
        ctx.addIssue({ code: 'custom', path: [index, 'name'], message: `another rule has the name ${name}` });
      }
    }),
});
export type PolicyFile = z.infer<typeof PolicyFile>;

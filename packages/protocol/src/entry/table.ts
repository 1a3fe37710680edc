import { z } from 'zod';
import { INVOCATION_TERMINAL } from '../state/invocation.ts';
import { ACCESS_ENTRIES } from './access.ts';
import { AGENT_ENTRIES } from './agent.ts';
import { APPROVAL_ENTRIES } from './approval.ts';
import { CALL_ENTRIES } from './call.ts';
import { JOIN_KEY_ENTRIES } from './join-key.ts';
import { MAINTENANCE_ENTRIES } from './maintenance.ts';
import { POLICY_ENTRIES } from './policy.ts';
import { PROJECT_ENTRIES } from './project.ts';
import { WEBHOOK_ENTRIES } from './webhook.ts';
import { WORKSPACE_ENTRIES } from './workspace.ts';

/** Every type of entry: the webhook event it is sent as, `null` for nobody, and what its `data` holds. */
export const ENTRY_TYPES = {
  ...CALL_ENTRIES,
  ...APPROVAL_ENTRIES,
  ...AGENT_ENTRIES,
  ...WORKSPACE_ENTRIES,
  ...JOIN_KEY_ENTRIES,
  ...ACCESS_ENTRIES,
  ...POLICY_ENTRIES,
  ...MAINTENANCE_ENTRIES,
  ...WEBHOOK_ENTRIES,
  ...PROJECT_ENTRIES,
} as const;
export type EntryType = keyof typeof ENTRY_TYPES;

type ReadonlyDeep<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null | undefined
    ? Value
    : { readonly [Key in keyof Value]: ReadonlyDeep<Value[Key]> };

/** The `data` of an entry of a type, as whoever writes it must give it. */
export type EntryData<Type extends EntryType> = ReadonlyDeep<z.infer<(typeof ENTRY_TYPES)[Type]['data']>>;

/** The types of entries about a noun. */
export type EntryTypeOf<Noun extends string> = Extract<EntryType, `${Noun}.${string}`>;

/** The entries that end a call, one for each of its ends. */
export const CALL_ENDS: ReadonlySet<string> = new Set(
  [...INVOCATION_TERMINAL].map((status) => `invocation.${status}`),
);

/** Tells whether a word is a type of entry. */
export const isEntryType = (word: string): word is EntryType => Object.hasOwn(ENTRY_TYPES, word);

/** What of an entry's `data` is not as its type says, in words; null when all of it is. Routers before may have written otherwise. */
export function entryFault({ type, data }: { readonly type: string; readonly data: unknown }): string | null {
  if (!isEntryType(type)) return `${type} is no type of entry`;
  const { error } = ENTRY_TYPES[type].data.safeParse(data);
  return error ? `data of ${type}: ${z.prettifyError(error)}` : null;
}

import type { JoinKeyId } from '@xem/protocol';
import type { Fact } from '../mutate.ts';

/** What the journal hears of a join key. */
export const joinKeyFact = (
  type: Fact['type'] & `join_key.${string}`,
  id: JoinKeyId,
  data: Readonly<Record<string, unknown>> = {},
): Fact => ({ type, subject: { type: 'join_key', id }, data });

import { CALL_ENDS, ENTRY_TYPES } from '@xem/protocol';
import { isQuoted, textOf } from '../mention.ts';
import { isSource, type Finding, type Rule } from '../tree.ts';
import { namesIn } from '../waiting-list.ts';

/** Types of journal entries whose part of the product is still to be built. It only shrinks. */
const NOT_WRITTEN_YET = 'tools/tidy/not-written-yet.json';

/** The entry of an end is named after the state: one verb writes them all. */
const WRITES_ENDS = 'invocationFact(`invocation.${';

/** Every type of journal entry is written by some verb. */
export const entries: Rule = (tree) => {
  const verbs = textOf(tree, (path) => isSource(path) && !path.startsWith('packages/protocol/'));
  const waiting = namesIn(tree, NOT_WRITTEN_YET);
  return Object.keys(ENTRY_TYPES).flatMap((type): readonly Finding[] => {
    const written = isQuoted(verbs, type) || (CALL_ENDS.has(type) && verbs.includes(WRITES_ENDS));
    if (written && waiting.includes(type)) {
      return [{ where: NOT_WRITTEN_YET, what: `${type} is written: take it off the list` }];
    }
    return written || waiting.includes(type)
      ? []
      : [{ where: type, what: 'is a journal entry that no verb writes' }];
  });
};

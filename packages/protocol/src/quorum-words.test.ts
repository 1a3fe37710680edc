import { expect, test } from 'vitest';
import { quorumWords, voterWords, votesWords } from './quorum-words.ts';

const TWO = [{ group: '*', count: 2 }];
const BOTH = [
  { group: 'dba', count: 1 },
  { group: 'security', count: 1 },
];

test.each([
  [{ any_of: TWO }, '2 of anybody'],
  [{ any_of: BOTH }, '1 of dba or 1 of security'],
  [{ all_of: BOTH }, '1 of dba and 1 of security'],
])('quorumWords reads %j as %s', (quorum, words) => {
  expect(quorumWords(quorum)).toBe(words);
});

test.each([
  [{ any_of: TWO, have: [] }, '0 of 2 (anybody)'],
  [{ all_of: BOTH, have: [{ group: 'dba', count: 1 }] }, '1 of 1 (dba) and 0 of 1 (security)'],
])('votesWords reads %j as %s', (quorum, words) => {
  expect(votesWords(quorum)).toBe(words);
});

test.each([
  ['anybody with a key that may decide', [], TWO],
  ['anybody with a key that may decide', ['*', 'dba'], TWO],
  ['people of ops or dba', ['ops', 'dba'], TWO],
  ['people of dba or security', [], BOTH],
  ['people of dba or security', ['dba', 'security'], BOTH],
  ['people of ops who are also of dba or security', ['ops'], BOTH],
])('voterWords says %s of stage %j and quorum %j', (words, groups, quorum) => {
  expect(voterWords({ stage: { groups }, quorum: { any_of: quorum } })).toBe(words);
});

import { PrincipalId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { countPeople, isReached, type Voter } from './quorum.ts';

const voter = (digit: string, ...groups: string[]): Voter => ({
  id: PrincipalId.parse(`prn_${digit.repeat(24)}`),
  groups,
});
const TWO_PEOPLE = { any_of: [{ group: '*', count: 2 }] };
const BOTH_TEAMS = {
  all_of: [
    { group: 'ops', count: 1 },
    { group: 'security', count: 1 },
  ],
};

test.each([
  { who: 'one of two people', quorum: TWO_PEOPLE, voters: [voter('a')], reached: false },
  { who: 'two people', quorum: TWO_PEOPLE, voters: [voter('a'), voter('b')], reached: true },
  { who: 'one person twice', quorum: TWO_PEOPLE, voters: [voter('a'), voter('a')], reached: false },
  {
    who: 'one team of two',
    quorum: BOTH_TEAMS,
    voters: [voter('a', 'ops'), voter('b', 'ops')],
    reached: false,
  },
  {
    who: 'both teams',
    quorum: BOTH_TEAMS,
    voters: [voter('a', 'ops'), voter('b', 'security')],
    reached: true,
  },
  {
    who: 'one person of both teams',
    quorum: BOTH_TEAMS,
    voters: [voter('a', 'ops', 'security')],
    reached: true,
  },
  { who: 'nobody', quorum: BOTH_TEAMS, voters: [], reached: false },
])('isReached judges $who', ({ quorum, voters, reached }) => {
  expect(isReached(quorum, voters)).toBe(reached);
});

test('countPeople counts people, not votes, row by row', () => {
  expect(countPeople(BOTH_TEAMS, [voter('a', 'ops'), voter('a', 'ops'), voter('b', 'ops')])).toEqual([
    { group: 'ops', count: 2 },
    { group: 'security', count: 0 },
  ]);
});

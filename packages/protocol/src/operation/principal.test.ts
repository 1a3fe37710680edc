import { expect, test } from 'vitest';
import { createApiKey } from './api-key.ts';
import { createPrincipal } from './principal.ts';

const human = (more: object) => createPrincipal.input.safeParse({ kind: 'human', name: 'Ada', ...more });
const groups = (letter: string) => Array.from({ length: 32 }, (_, nth) => letter.repeat(62) + (nth + 10));
const many = Array.from({ length: 100_000 }, () => 'nothing');

const key = (scopes: readonly string[]) =>
  createApiKey.input.safeParse({ principal_id: 'prn_000000000000000000000001', name: 'x', scopes });

test('principal.create takes groups that fit into an entry of the journal', () => {
  expect(human({ groups: groups('a') }).success).toBe(true);
});

test.each([
  ['groups that would not fit into an entry of the journal', () => human({ groups: groups('\u0001') })],
  ['a link with scopes without end', () => human({ sign_in: { scopes: many } })],
  ['a key with scopes without end', () => key(many)],
])('the schema refuses %s with one issue', (_, parse) => {
  expect(parse().error?.issues).toHaveLength(1);
});

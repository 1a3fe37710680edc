import { expect, test } from 'vitest';
import { ENTRIES } from './command/table.ts';
import { resolve } from './resolve.ts';

const AGENT = `agt_${'3'.repeat(24)}`;

test.each([
  ['exec list --limit 3', 'exec list', '--limit 3'],
  ['--context dev --debug exec list', 'exec list', '--context dev --debug'],
  ['--output=json exec list -o yaml', 'exec list', '--output=json -o yaml'],
  ['agents', 'agents list', ''],
  ['agents -o json', 'agents list', '-o json'],
  [`agents ${AGENT} -o json`, 'agents show', `${AGENT} -o json`],
  ['agents join-keys', 'agents join-keys list', ''],
  ['workspaces ws_a1b2c3d4', 'workspaces show', 'ws_a1b2c3d4'],
  ['config', 'config show', ''],
  ['errors invalid_state', 'errors', 'invalid_state'],
])('%s asks for %s', (line, words, rest) => {
  const resolved = resolve(ENTRIES, line.split(' '));
  expect(resolved.words.join(' ')).toBe(words);
  expect(resolved.rest.join(' ')).toBe(rest);
  expect(resolved.verb).not.toBeNull();
});

test.each(['', 'exec', 'exec lst', 'agents --help', 'agents shwo', 'constructor', 'exec toString'])(
  'resolve finds no command in %j',
  (line) => {
    expect(resolve(ENTRIES, line === '' ? [] : line.split(' ')).verb).toBeNull();
  },
);

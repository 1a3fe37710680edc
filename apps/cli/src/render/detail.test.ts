import { expect, test } from 'vitest';
import { renderDetails, renderObject, type ObjectView } from './detail.ts';

const PIPE = { wide: 'none', colour: false, width: null } as const;

const shown = (value: object, view: ObjectView = {}, width: number | null = null): string =>
  renderObject(value, view, { ...PIPE, width });

const lines = (text: string): readonly string[] => text.replaceAll(/(?<=\S) {2,}/g, ': ').split('\n');

test('names of members become words, and names of tools stay as they are', () => {
  expect(lines(shown({ ip_allow: ['::1'], concurrency: { max: 8, per_tool: { demo_echo: 4 } } }))).toEqual([
    'IP allow: ::1',
    'Concurrency max: 8',
    'Concurrency per tool demo_echo: 4',
    '',
  ]);
});

test.each([
  ['a person', { by: { id: 'prn_1', kind: 'human', name: 'ada' } }, 'By: ada (human prn_1)'],
  ['a quorum', { quorum: { all_of: [{ group: 'dba', count: 1 }] } }, 'Quorum: 1 of dba'],
  [
    'a quorum that is being met',
    { quorum: { any_of: [{ group: '*', count: 2 }], have: [] } },
    'Quorum: 0 of 2 (anybody)',
  ],
  ['a length of time', { renewal_interval_ms: 10_000 }, 'Renewal interval: 10 s'],
  ['a measured time', { round_trip_ms: 3.177_822 }, 'Round trip: 3.18 ms'],
  ['a time in seconds', { timeout_seconds_destructive: 900 }, 'Timeout destructive: 15 min'],
  ['yes and no', { ok: true, revoked: false }, 'Ok: yes\nRevoked: no'],
  ['words in a list', { scopes: ['execution', 'inference'] }, 'Scopes: execution, inference'],
  ['a sentence in a list', { says: ['It is so.'] }, 'Says: It is so.'],
  ['sentences in a list', { says: ['It is so.', 'It was so.'] }, 'Says: - It is so.\n      - It was so.'],
  ['what nobody gave', { paused: null }, 'Paused: -'],
  ['an object without members', { per_tool: {} }, 'Per tool: -'],
  ['no kind of object', { tool: { object: 'tool', name: 'a' } }, 'Tool name: a'],
  ['the arguments of a call', { args: { a: { b: [1] } } }, 'Args: {"a":{"b":[1]}}'],
])('a detail shows %s as people read it', (_, value, line) => {
  expect(lines(shown(value)).join('\n')).toBe(`${line}\n`);
});

test('a detail says what no value means where that is more than nothing', () => {
  const none = { events: 'all', 'session.expires_at': 'never' };
  const value = { events: null, session: { expires_at: null } };
  expect(lines(shown(value, { none }))).toEqual(['Events: all', 'Session expires at: never', '']);
});

test('things in a list become a table below, without a brace', () => {
  const agents = [
    { id: 'agt_1', registration_name: 'one', by: { id: 'prn_1', kind: 'human', name: 'ada' } },
    { id: 'agt_2', registration_name: 'two', limits: { cpus: 2 } },
  ];
  expect(shown({ name: 'demo', agents, created_at: 'today' })).toBe(
    [
      'Name        demo',
      'Created at  today',
      '',
      'Agents',
      '  ID     Registration name  By                 Limits',
      '  agt_1  one                ada (human prn_1)  -',
      '  agt_2  two                -                  CPUs 2',
      '',
    ].join('\n'),
  );
});

test('a detail breaks prose between words where the terminal ends, and nothing that is copied', () => {
  const text = 'eight words that say what it is for';
  expect(shown({ description: text, url: text, id: 'x'.repeat(60) }, {}, 40)).toBe(
    [
      'Description  eight words that say what',
      '             it is for',
      `URL          ${text}`,
      `ID           ${'x'.repeat(60)}`,
      '',
    ].join('\n'),
  );
});

test('arguments that are wider than the terminal are shown member by member, and obeyed nowhere', () => {
  const args = { path: '/srv/\u202Egnp', text: 'x'.repeat(30) };
  const text = renderDetails([['Arguments', args]], 48);
  expect(text).toBe(
    [
      'Arguments  {',
      String.raw`             "path": "/srv/\u202egnp",`,
      `             "text": "${'x'.repeat(30)}"`,
      '           }',
      '',
    ].join('\n'),
  );
});

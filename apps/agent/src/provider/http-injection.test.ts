import { afterEach, beforeEach, expect, test } from 'vitest';
import { openHttpRig, type HttpRig } from '../testing/http-rig.ts';

let rig: HttpRig;
beforeEach(async () => {
  rig = await openHttpRig();
});
afterEach(() => rig.close());

/** Values that would be something else than a value if they were not encoded. */
const NASTY = [
  'a b',
  `"quoted" 'too'`,
  'new\nline',
  'cr\r\nX-Injected: yes',
  '-rf',
  '../../etc/passwd',
  '%2e%2e',
  '%2e%2e%2fadmin',
  '..\\..',
  'a/b?c=d#e',
  '@evil.example',
  '//evil.example/',
  ':80',
  '{b}',
  '{credential:TOKEN}',
  'ünï ☃ 😀',
  'a\0b',
  ';$(id)`id`|&',
  '$&',
];

test.each(NASTY)('http keeps %j one segment of the path', async (a) => {
  await rig.run(['url: "http://HOST/v1/{a}/end"'], { a });
  const { target = '', headers } = rig.server.asked[0] ?? {};
  const segments = target.split('/');
  expect(segments).toHaveLength(4);
  expect(decodeURIComponent(segments[2] ?? '')).toBe(a);
  expect(headers).not.toHaveProperty('x-injected');
  expect(headers?.['host']).toBe(rig.server.host);
});

test.each(['', '.', '..'])('http refuses %j as a segment of the path', (a) => {
  const refused = expect.objectContaining({ code: 'agent_refused', param: '/args/a' });
  expect(() => rig.start(['url: "http://HOST/v1/{a}"'], { a })).toThrow(refused);
  expect(() => rig.start(['url: "http://HOST/v1/{a}/end"'], { a })).toThrow(refused);
});

test.each([
  ['v{a}', 'v.', true],
  ['%2e{a}', '.', false],
  ['.{a}', '.', false],
  ['.{a}', '%2e', true],
])('http judges the segment %s with %j', async (segment, a, isFine) => {
  const lines = [`url: "http://HOST/v1/${segment}"`];
  if (!isFine) return expect(() => rig.start(lines, { a })).toThrow(/another path|dots/);
  return expect((await rig.run(lines, { a })).end.status).toBe('completed');
});

test.each(NASTY)('http keeps %j one value of the query', async (a) => {
  await rig.run(['url: "http://HOST/q"', 'query: { one: "{a}", two: "x{a}" }'], { a });
  const { searchParams, pathname, hash } = new URL(rig.server.asked[0]?.target ?? '', 'http://x');
  expect([pathname, hash]).toEqual(['/q', '']);
  expect([...searchParams]).toEqual([
    ['one', a],
    ['two', `x${a}`],
  ]);
});

test.each([
  ['a list', { a: ['x', 2, true] }, '/q?one=x&one=2&one=true'],
  ['an empty list', { a: [] }, '/q'],
  ['nothing', {}, '/q'],
  ['null', { a: null }, '/q'],
  ['false', { a: false }, '/q?one=false'],
])('http puts %s into the query', async (_, args, target) => {
  await rig.run(['url: "http://HOST/q"', 'query: { one: "{a}" }'], args);
  expect(rig.server.asked[0]?.target).toBe(target);
});

test.each(NASTY)('http keeps %j one string of the body', async (a) => {
  await rig.run(
    ['url: "http://HOST/b"', 'method: POST', 'body: { json: { x: ["{a}", "<{a}>"], "{b}": 1 } }'],
    {
      a,
    },
  );
  expect(JSON.parse(rig.server.asked[0]?.body ?? '')).toEqual({ x: [a, `<${a}>`], '{b}': 1 });
});

test('http keeps the type of a value that is a whole member, and leaves absent ones out', async () => {
  const lines = [
    'url: "http://HOST/b"',
    'method: PUT',
    'body: { json: { n: "{a}", m: "{b}", k: 1, l: ["{b}"] } }',
  ];
  await rig.run(lines, { a: { deep: [1, null] } });
  expect(rig.server.asked[0]).toMatchObject({
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
  });
  expect(JSON.parse(rig.server.asked[0]?.body ?? '')).toEqual({ n: { deep: [1, null] }, k: 1, l: [] });
});

test('http sends the arguments as canonical JSON where the body is args', async () => {
  await rig.run(['url: "http://HOST/b"', 'method: POST', 'body: args'], { b: 'ü', a: 1 });
  expect(rig.server.asked[0]?.body).toBe('{"a":1,"b":"ü"}');
});

test.each([
  ['a b', 'a b'],
  ['-rf', '-rf'],
  ['../..', '../..'],
  ['{credential:TOKEN}', '{credential:TOKEN}'],
])('http puts %j into a header as it is', async (a, value) => {
  await rig.run(['url: "http://HOST/h"', 'headers: { X-One: "{a}", X-Two: "<{a}>" }'], { a });
  expect(rig.server.asked[0]?.headers).toMatchObject({ 'x-one': value, 'x-two': `<${value}>` });
});

test.each(['new\nline', 'cr\rx', 'a\r\nX-Injected: yes', 'a\0b', 'ünï', '☃', '\u007F'])(
  'http refuses %j in a header',
  (a) => {
    const refused = expect.objectContaining({ code: 'agent_refused', param: '/args/a' });
    expect(() => rig.start(['url: "http://HOST/h"', 'headers: { X-One: "<{a}>" }'], { a })).toThrow(refused);
  },
);

test.each([
  ['an object in the path', 'url: "http://HOST/{a}"', { a: {} }],
  ['a list in the path', 'url: "http://HOST/{a}"', { a: ['x'] }],
  ['half a surrogate pair in the path', 'url: "http://HOST/{a}"', { a: '\uD800' }],
  ['an object in the query', 'url: "http://HOST/"\n      query: { x: "{a}" }', { a: [{}] }],
])('http refuses %s', (_, line, args) => {
  const refused = expect.objectContaining({ code: 'agent_refused', param: '/args/a' });
  expect(() => rig.start([line], args)).toThrow(refused);
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBundleRig, type BundleRig } from '../testing/bundle-rig.ts';
import { BundleError, type BundleProblem } from './bundle-error.ts';

let rig: BundleRig;
beforeEach(() => {
  rig = openBundleRig();
});
afterEach(() => rig.close());

function problemsOf(load: () => unknown): readonly BundleProblem[] {
  try {
    load();
  } catch (err) {
    if (err instanceof BundleError) return err.problems;
    throw err;
  }
  return [];
}

/** A tool that asks a server, whose lines under \`http\` stand from line 9 on. */
const write = (lines: readonly string[], hosts = '[api.test, "api.test:8443"]'): string =>
  rig.write(
    'one',
    [
      `hosts: ${hosts}`,
      'tools:',
      '  - name: probe',
      '    description: A probe.',
      '    risk: read',
      '    parameters: { type: object, properties: { a: { type: string }, b: { type: string } }, required: [a] }',
      '    http:',
      '      # what follows differs',
      ...lines.map((line) => `      ${line}`),
      '',
    ].join('\n'),
  );

const URL_LINE = 'url: https://api.test/x';

test.each([
  ['https://api.test/'],
  ['http://api.test/v1/{a}'],
  ['https://api.test:8443/v1/{a}.json'],
  ['https://api.test:443/x'],
])('loadBundles takes the URL %s', (url) => {
  write([`url: "${url}"`]);
  expect(rig.load().tools).toHaveLength(1);
});

test.each([
  ['another host', 'https://other.test/', 'other.test is none of'],
  ['another port', 'https://api.test:8080/', 'api.test:8080 is none of'],
  ['a host from an argument', 'https://{a}/', 'must be http(s)://host/path'],
  ['a part of a host from an argument', 'https://{a}.api.test/', 'must be http(s)://host/path'],
  ['a user', 'https://user@api.test/', 'must be http(s)://host/path'],
  ['no path', 'https://api.test', 'must be http(s)://host/path'],
  ['a query', 'https://api.test/x?y={a}', 'must be http(s)://host/path'],
  ['another scheme', 'ftp://api.test/', 'must be http(s)://host/path'],
  ['dots', 'https://api.test/x/../y', 'dots'],
  ['a space', 'https://api.test/x y', 'escaped'],
  ['a hidden dot', 'https://api.test/x/%2E%2e/y', 'dots'],
  ['an argument nobody declared', 'https://api.test/{c}', '{c} is no argument'],
  ['an argument that may be absent', 'https://api.test/{b}', '{b} may be absent'],
  ['a credential', 'https://api.test/{credential:TOKEN}', 'belong into headers'],
])('loadBundles refuses a URL with %s', (_, url, says) => {
  const file = write([`url: "${url}"`]);
  const message = expect.stringContaining(says);
  expect(problemsOf(() => rig.load())).toMatchObject([
    { file, line: 9, field: 'tools[0].http.url', message },
  ]);
});

test.each([
  ['a query nobody declared', 'query: { q: "{c}" }', 'query.q', 'no argument'],
  ['a credential in the query', 'query: { q: "{credential:TOKEN}" }', 'query.q', 'belong into headers'],
  ['an optional argument within a text', 'query: { q: "x{b}" }', 'query.q', 'may be absent'],
  ['a header that is none', 'headers: { "X Y": a }', 'headers.X Y', 'no name'],
  ['a header with a line break', 'headers: { X: "a\\r\\nY: b" }', 'headers.X', 'no header can'],
  ['a header of another host', 'headers: { Host: evil.test }', 'headers.Host', 'agent alone'],
  [
    'a header of the framing',
    'headers: { transfer-encoding: chunked }',
    'headers.transfer-encoding',
    'agent alone',
  ],
  ['a header twice', 'headers: { X-A: a, x-a: b }', 'headers.x-a', 'twice'],
  ['a body that is neither', 'body: text', 'body', 'must be args or {json}'],
  [
    'a body with an argument nobody declared',
    'body: { json: { x: [1, "{c}"] } }',
    'body.json.x[1]',
    'no argument',
  ],
  ['a body with a credential', 'body: { json: "{credential:T}" }', 'body.json', 'belong into headers'],
  ['a method that is none', 'method: BREW', 'method', 'expected one of'],
  ['a status that is none', 'success: [99]', 'success[0]', '200'],
  ['a word that nobody knows', 'timeout: 5', 'timeout', 'timeout'],
])('loadBundles refuses %s with the line and the field', (...[, line, field, says]) => {
  const file = write([URL_LINE, line]);
  const message = expect.stringContaining(says);
  expect(problemsOf(() => rig.load())).toMatchObject([
    { file, line: 10, field: `tools[0].http.${field}`, message },
  ]);
});

test.each([
  ['api.test/x'],
  ['https://api.test'],
  ['user@api.test'],
  ['API.test'],
  ['0x7f.1'],
  ['2130706433'],
  ['127.1'],
  ['*.api.test'],
  [''],
])('loadBundles refuses the host %j', (host) => {
  const file = write([URL_LINE], `[api.test, ${JSON.stringify(host)}]`);
  expect(problemsOf(() => rig.load())).toMatchObject([{ file, line: 1, field: 'hosts[1]' }]);
});

test('loadBundles takes no host at all when the bundle names none', () => {
  write([URL_LINE], '[]');
  expect(problemsOf(() => rig.load())).toHaveLength(1);
});

import { Manifest, MANIFEST_BYTES_MAX, manifestBytes } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMcpRig, type McpRig } from '../testing/mcp-rig.ts';
import { BundleError, type BundleProblem } from './bundle-error.ts';

let rig: McpRig;
beforeEach(() => {
  rig = openMcpRig();
});
afterEach(() => rig.close());

function problems(): readonly BundleProblem[] {
  try {
    rig.load();
  } catch (err) {
    if (err instanceof BundleError) return err.problems;
    throw err;
  }
  return [];
}

test.each([
  ['neither a program nor an address', ['prefix: x'], 'mcp_server', 'needs run or url'],
  ['both', ['run: [a]', 'url: http://x.test/'], 'mcp_server', 'needs run or url'],
  ['an address that is none', ['url: not an address'], 'mcp_server.url', 'URL'],
  ['an address of a file', ['url: file:///etc/passwd'], 'mcp_server.url', 'URL'],
  [
    'a risk that there is not',
    ['run: [a]', 'risks: { x: harmless }'],
    'mcp_server.risks.x',
    'expected one of',
  ],
  [
    'a prefix that no name begins with',
    ['run: [a]', 'prefix: a/b'],
    'mcp_server.prefix',
    'must be at most 32',
  ],
  [
    'a header that is none',
    ['url: http://x.test/', 'headers: { "a b": c }'],
    'mcp_server.headers.a b',
    'no name',
  ],
  [
    'an argument in a header',
    ['url: http://x.test/', 'headers: { A: "{b}" }'],
    'mcp_server.headers.A',
    'no argument',
  ],
  [
    'a credential that is missing',
    ['url: http://x.test/', 'headers: { A: "{credential:B}" }'],
    'mcp_server.headers',
    'no B',
  ],
  ['a word that nobody knows', ['run: [a]', 'port: 5'], 'mcp_server.port', 'port'],
])('loadBundles refuses a server with %s', (...[, lines, field, says]) => {
  const file = rig.bundles.write(
    'files',
    ['mcp_server:', ...lines.map((line) => `  ${line}`), ''].join('\n'),
  );
  const message = expect.stringContaining(says);
  expect(problems()).toMatchObject([{ file, line: expect.any(Number), field, message }]);
});

const own = (name: string, risk = 'read'): string =>
  `  - { name: ${name}, description: d, risk: ${risk}, parameters: { type: object }, command: { run: [echo] } }\n`;

test('loadBundles leaves tools of a server out whose names are taken, and those of a bundle stay', async () => {
  rig.list('say', 'pair', 'fail');
  rig.bundles.write('own', `tools:\n${own('files.say')}${own('files_pair')}`);
  const bundles = await rig.serve(rig.scripted);
  expect(bundles.tools.map(({ name }) => name)).toEqual(['files.fail', 'files.say', 'files_pair']);
  expect(bundles.find('files.say')).toMatchObject({ bundle: 'own', provider: 'command' });
  const leftOut = rig.lines
    .filter(({ event }) => event === 'mcp.tool_left_out')
    .map(({ fields }) => fields['why']);
  expect(leftOut).toEqual(['another tool has its name', 'another tool has its alias']);
});

test('loadBundles takes only the tools of a server that the bundle names, where it names some', async () => {
  rig.list('say', 'pair', 'fail');
  const bundles = await rig.serve(rig.scripted, 'only: [pair, absent]');
  expect(bundles.tools.map(({ name }) => name)).toEqual(['files.pair']);
  expect(rig.lines.filter(({ level }) => level !== 'info')).toEqual([]);
});

test.each([
  ['their number', 1003, '', 1000],
  ['their size', 300, 'd'.repeat(4000), 107],
])(
  'loadBundles leaves tools out for which a manifest has no room by %s',
  async (...[, count, description, room]) => {
    rig.list(...Array.from({ length: count }, (_, index) => ({ name: `t${1000 + index}`, description })));
    const { tools } = await rig.serve(rig.scripted);
    expect(tools).toHaveLength(room);
    const manifest = { manifest_version: 1, workspaces: [], tools: [...tools] };
    expect(manifestBytes(Manifest.parse(manifest))).toBeLessThan(MANIFEST_BYTES_MAX);
  },
);

test('loadBundles leaves a bundle out whose programs this host has not, and checks it all the same', () => {
  rig.bundles.write('some', `requires: [sh, no-such-program]\ntools:\n${own('t')}`);
  expect(rig.load().tools).toEqual([]);
  expect(rig.lines).toContainEqual({
    level: 'info',
    event: 'bundle.left_out',
    fields: { bundle: 'some', missing: ['no-such-program'] },
  });
  rig.bundles.write('some', `requires: [no-such-program]\ntools:\n${own('t', 'harmless')}`);
  expect(problems()).toMatchObject([{ field: 'tools[0].risk' }]);
});

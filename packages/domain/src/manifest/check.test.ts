import { hashJson, MANIFEST_BYTES_MAX } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createArgsCompiler } from '../catalogue/args-check.ts';
import { testTool } from '../testing/index.ts';
import { checkManifest } from './check.ts';

const compile = createArgsCompiler();

const manifest = (change: object = {}) => ({
  manifest_version: 1,
  workspaces: [],
  tools: [testTool()],
  ...change,
});

test('manifest check fills in defaults and hashes the manifest as it was sent', () => {
  const sent = manifest({
    tools: [{ name: 'short', description: 'Short', risk: 'read', parameters: { type: 'object' } }],
  });
  const checked = checkManifest(sent, compile);
  expect(checked.hash).toBe(hashJson(sent));
  expect(checked.tools[0]).toMatchObject({
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
    definition: { domain: 'general', timeout_ms: 60_000, idempotent: false, mcp: { visible: false } },
  });
});

test.each<[string, unknown, string, string]>([
  ['no object', 'manifest', '', 'the manifest'],
  ['nothing', undefined, '', 'the manifest'],
  ['no list of workspaces', { manifest_version: 1, tools: [] }, '/workspaces', 'the manifest'],
  ['no list of tools', { manifest_version: 1, workspaces: [] }, '/tools', 'the manifest'],
  ['a member there is not', manifest({ extra: 1 }), '', 'the manifest'],
  [
    'a workspace that is a UUID',
    manifest({ workspaces: [{ id: '0193-x' }] }),
    '/workspaces/0/id',
    'the manifest',
  ],
  [
    'a risk there is not',
    manifest({ tools: [testTool(), { ...testTool({ name: 'b' }), risk: 'harmless' }] }),
    '/tools/1/risk',
    'tool b',
  ],
  [
    'a tool name that is none',
    manifest({ tools: [{ ...testTool(), name: 'a b' }] }),
    '/tools/0/name',
    'tool a b',
  ],
  [
    'parameters that are no object',
    manifest({ tools: [{ ...testTool(), parameters: { type: 'string' } }] }),
    '/tools/0/parameters/type',
    'tool demo_echo',
  ],
  [
    'a schema that does not compile',
    manifest({ tools: [testTool({ parameters: { type: 'object', properties: { a: { type: 'text' } } } })] }),
    '/tools/0/parameters',
    'tool demo_echo',
  ],
  [
    'a name that is declared twice',
    manifest({ tools: [testTool(), testTool({ risk: 'write' })] }),
    '/tools/1/name',
    'tool demo_echo',
  ],
  ['a number JSON does not know', manifest({ manifest_version: Number.NaN }), '', 'the manifest'],
  ['too many bytes', manifest({ padding: 'x'.repeat(MANIFEST_BYTES_MAX) }), '', 'the manifest'],
])('manifest check refuses %s', (...[, sent, pointer, who]) => {
  expect(() => checkManifest(sent, compile)).toThrow(
    expect.objectContaining({
      code: 'exec_manifest_invalid',
      param: pointer,
      message: expect.stringContaining(who),
    }),
  );
});

import { expect, test } from 'vitest';
import { McpServerSpec } from '../../bundle/bundle-file.ts';
import { createCompiler } from '../../bundle/parameters.ts';
import { riskOf, shapeTool, type ServerTool } from './shape-tool.ts';

const spec = (fields: Record<string, unknown> = {}): McpServerSpec =>
  McpServerSpec.parse({ run: ['server'], ...fields });

const tool = (fields: Partial<ServerTool> = {}): ServerTool => ({
  name: 'act',
  inputSchema: { type: 'object' },
  ...fields,
});

const shape = (fields: Partial<ServerTool> = {}, said: Record<string, unknown> = {}) =>
  shapeTool(tool(fields), { spec: spec(said), bundle: 'files', compile: createCompiler() });

test.each<[ServerTool['annotations'], string]>([
  [undefined, 'destructive'],
  [{}, 'destructive'],
  [{ readOnlyHint: true }, 'read'],
  [{ readOnlyHint: true, destructiveHint: false }, 'read'],
  [{ readOnlyHint: true, destructiveHint: true }, 'destructive'],
  [{ readOnlyHint: false }, 'destructive'],
  [{ destructiveHint: true }, 'destructive'],
  [{ destructiveHint: false }, 'write'],
  [{ readOnlyHint: false, destructiveHint: false }, 'write'],
  [{ idempotentHint: true }, 'destructive'],
])('riskOf takes %j for %s', (annotations, risk) => {
  expect(riskOf(tool({ annotations }), spec())).toBe(risk);
});

test.each([
  ['the bundle names it', { risks: { act: 'irreversible' } }, 'irreversible'],
  ['the bundle names another', { risks: { other: 'irreversible' } }, 'read'],
  ['the bundle trusts no annotations', { trust_annotations: false }, 'destructive'],
  ['the bundle names it and trusts none', { trust_annotations: false, risks: { act: 'write' } }, 'write'],
])('riskOf goes by the bundle first: %s', (_, said, risk) => {
  expect(riskOf(tool({ annotations: { readOnlyHint: true } }), spec(said))).toBe(risk);
});

test('riskOf is not led astray by a name that every object has', () => {
  expect(riskOf(tool({ name: 'constructor' }), spec())).toBe('destructive');
});

test('shapeTool makes a definition with the bundle’s defaults', () => {
  expect(shape({ description: ' Acts. ', outputSchema: { type: 'object' } })).toMatchObject({
    ok: true,
    definition: {
      name: 'files.act',
      description: 'Acts.',
      risk: 'destructive',
      domain: 'files',
      parameters: { type: 'object' },
      timeout_ms: 60_000,
      idempotent: false,
      mcp: { visible: true, alias: 'files_act' },
      output: { media_type: 'application/json', max_bytes: 16 * 1024 * 1024 },
    },
  });
});

test('shapeTool takes what the bundle says of all its tools', () => {
  const said = { prefix: '', domain: 'd', timeout_ms: 5, max_bytes: 7, visible: false };
  expect(shape({ name: 'a b/ü', annotations: { idempotentHint: true } }, said)).toMatchObject({
    definition: {
      name: 'a_b__',
      description: 'a b/ü',
      domain: 'd',
      timeout_ms: 5,
      idempotent: true,
      mcp: { visible: false },
      output: { media_type: 'text/plain', max_bytes: 7 },
    },
  });
});

test.each([
  ['has too long a name', { name: 'x'.repeat(60) }, {}, 'no name of a tool'],
  ['has no name', { name: '' }, { prefix: '' }, 'no name of a tool'],
  ['runs as a task only', { execution: { taskSupport: 'required' as const } }, {}, 'task'],
  ['has a schema that is none', { inputSchema: { type: 'object' as const, colour: 'red' } }, {}, '"/colour"'],
])('shapeTool leaves a tool out that %s', (...[, fields, said, why]) => {
  expect(shape(fields, said)).toEqual({ ok: false, why: expect.stringContaining(why) });
});

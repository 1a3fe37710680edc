import { AgentId, ProjectId, type ToolDefinition } from '@xem/protocol';
import type { AgentToolRecord } from '@xem/store';
import { expect, test } from 'vitest';
import { createArgsCompiler } from '../catalogue/args-check.ts';
import { testTool } from '../testing/index.ts';
import { checkManifest } from './check.ts';
import { pendingChanges, standingAfter } from './standing.ts';

const compile = createArgsCompiler();

const agent = {
  id: AgentId.parse(`agt_${'0'.repeat(24)}`),
  projectId: ProjectId.parse(`prj_${'0'.repeat(24)}`),
  manifestVersion: 1,
};

const check = (version: number, ...tools: readonly ToolDefinition[]) =>
  checkManifest({ manifest_version: version, workspaces: [], tools }, compile);

function publish(version: number, from: readonly AgentToolRecord[], ...tools: readonly ToolDefinition[]) {
  const checked = check(version, ...tools);
  const standing = standingAfter(checked, { agent, tools: from, now: 2 });
  return { standing, pending: pendingChanges(checked.tools, standing) };
}

const first = (...tools: readonly ToolDefinition[]) =>
  standingAfter(check(1, ...tools), { agent: { ...agent, manifestVersion: 0 }, tools: [], now: 1 });

const risks = (rows: readonly AgentToolRecord[]) =>
  rows.map(({ name, definition }) => [name, definition.risk]);

test.each<[string, Partial<ToolDefinition>, Partial<ToolDefinition>]>([
  ['a new description of a tool that reads', { risk: 'read' }, { risk: 'read', description: 'New' }],
  ['a new timeout of a tool that writes', { risk: 'write' }, { risk: 'write', timeout_ms: 5 }],
  ['a risk that was raised', { risk: 'write' }, { risk: 'destructive' }],
  [
    'another look for MCP clients',
    { risk: 'irreversible' },
    { risk: 'irreversible', mcp: { visible: false } },
  ],
])('a manifest of a new version lets %s take effect', (_, before, after) => {
  const { standing, pending } = publish(2, first(testTool(before)), testTool(after));
  expect(standing.map(({ definition }) => definition)).toEqual([testTool(after)]);
  expect(pending).toEqual([]);
});

test.each<[string, Partial<ToolDefinition>, Partial<ToolDefinition>, string]>([
  ['a risk that was lowered', { risk: 'write' }, { risk: 'read' }, 'risk_lowered'],
  ['a gate that was taken away', { risk: 'irreversible' }, { risk: 'write' }, 'risk_lowered'],
  [
    'a gated tool that says other than before',
    { risk: 'destructive' },
    { risk: 'destructive', description: 'New' },
    'definition_changed',
  ],
  [
    'a gated tool that takes other arguments',
    { risk: 'destructive' },
    { risk: 'destructive', parameters: { type: 'object', minProperties: 1 } },
    'definition_changed',
  ],
])('a manifest of a new version does not let %s take effect', (...[, before, after, kind]) => {
  const old = first(testTool(before));
  const { standing, pending } = publish(2, old, testTool(after));
  expect(standing).toEqual(old);
  expect(pending).toEqual([
    {
      tool: 'demo_echo',
      kind,
      old_digest: old[0]?.digest,
      new_digest: check(2, testTool(after)).tools[0]?.digest,
    },
  ]);
});

test('a manifest that changed under its old version changes no tool', () => {
  const old = first(testTool());
  const { standing, pending } = publish(1, old, testTool({ description: 'New' }));
  expect(standing).toEqual(old);
  expect(pending).toMatchObject([{ kind: 'definition_changed' }]);
});

test('a manifest that takes a tool back to what stood leaves nothing waiting', () => {
  const old = first(testTool({ risk: 'write' }));
  const lowered = publish(2, old, testTool({ risk: 'read' }));
  expect(publish(3, lowered.standing, testTool({ risk: 'write' }))).toEqual({ standing: old, pending: [] });
});

test('a tool that was withdrawn and comes back tamer is still what it was', () => {
  const gone = publish(2, first(testTool({ risk: 'destructive' })));
  expect(gone.pending).toEqual([]);
  const back = publish(3, gone.standing, testTool({ risk: 'read' }));
  expect(risks(back.standing)).toEqual([['demo_echo', 'destructive']]);
  expect(back.pending).toMatchObject([{ kind: 'risk_lowered' }]);
});

test('a tool that only read is forgotten when it is withdrawn', () => {
  expect(publish(2, first(testTool())).standing).toEqual([]);
});

const many = (from: number) =>
  Array.from({ length: 1000 }, (_, at) => testTool({ name: `t${from + at}`, risk: 'write' }));

test('a manifest cannot fill the store with tools that were withdrawn', () => {
  const twice = publish(2, first(...many(0)), ...many(1000)).standing;
  expect(twice).toHaveLength(2000);
  expect(() => publish(3, twice, ...many(2000))).toThrow(
    expect.objectContaining({ code: 'exec_manifest_invalid' }),
  );
});

import { AgentId, ProjectId, toolDigest, type ToolDefinition } from '@xem/protocol';
import type { AgentToolRecord } from '@xem/store';
import { expect, test } from 'vitest';
import { createArgsCompiler } from '../catalogue/args-check.ts';
import { testTool } from '../testing/index.ts';
import { checkManifest } from './check.ts';
import { pendingChanges } from './pending.ts';
import { standingAfter } from './standing.ts';

const compile = createArgsCompiler();

const agent = {
  id: AgentId.parse(`agt_${'0'.repeat(24)}`),
  projectId: ProjectId.parse(`prj_${'0'.repeat(24)}`),
  manifestVersion: 1,
};

const check = (version: number, ...tools: readonly ToolDefinition[]) =>
  checkManifest({ manifest_version: version, workspaces: [], tools }, compile);

/** What stands of an agent, and the tools of the manifest that brought it there. */
interface Stage {
  readonly declared: readonly ToolDefinition[];
  readonly standing: readonly AgentToolRecord[];
  readonly pending: ReturnType<typeof pendingChanges>;
}

/** Nothing published yet. */
const BARE: Stage = { declared: [], standing: [], pending: [] };

const GATED_DIGEST = 'f'.repeat(64);

interface Published {
  readonly version: number;
  readonly tools: readonly ToolDefinition[];
  /** Another agent has a gated tool of every name. */
  readonly isGatedElsewhere?: boolean;
}

function step(before: Stage, { version, tools, isGatedElsewhere = false }: Published): Stage {
  const checked = check(version, ...tools);
  const standing = standingAfter(checked, {
    agent: before === BARE ? { ...agent, manifestVersion: 0 } : agent,
    tools: before.standing,
    declared: before.declared,
    now: version,
    gatedElsewhere: () => (isGatedElsewhere ? GATED_DIGEST : null),
  });
  return { declared: tools, standing, pending: pendingChanges(checked.manifest, standing) };
}

const publish = (version: number, before: Stage, ...tools: readonly ToolDefinition[]): Stage =>
  step(before, { version, tools });

const besideGated = (version: number, before: Stage, ...tools: readonly ToolDefinition[]): Stage =>
  step(before, { version, tools, isGatedElsewhere: true });

const first = (...tools: readonly ToolDefinition[]): Stage => step(BARE, { version: 1, tools });

/** Rows without what holds them: which definitions stand. */
const definitions = ({ standing }: Stage) => standing.map((row) => ({ ...row, heldBehind: null }));

const runs = ({ standing }: Stage) =>
  standing.filter(({ heldBehind }) => heldBehind === null).map(({ definition }) => definition);

const risks = ({ standing }: Stage) => standing.map(({ name, definition }) => [name, definition.risk]);

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
  const next = publish(2, first(testTool(before)), testTool(after));
  expect(runs(next)).toEqual([testTool(after)]);
  expect(next.pending).toEqual([]);
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
  const next = publish(2, old, testTool(after));
  expect(definitions(next)).toEqual(definitions(old));
  expect(runs(next)).toEqual([]);
  expect(next.pending).toEqual([
    {
      tool: 'demo_echo',
      kind,
      old_digest: old.standing[0]?.digest,
      new_digest: check(2, testTool(after)).tools[0]?.digest,
    },
  ]);
});

test.each([
  ['that changed under its old version', 1],
  ['whose version fell', 0],
])('a manifest %s changes no tool', (_, fall) => {
  const old = first(testTool());
  const checked = check(1, testTool({ description: 'New' }));
  const standing = standingAfter(checked, {
    agent: { ...agent, manifestVersion: 2 - fall },
    tools: old.standing,
    declared: old.declared,
    now: 2,
    gatedElsewhere: () => null,
  });
  expect(standing.map(({ digest }) => digest)).toEqual(old.standing.map(({ digest }) => digest));
  expect(pendingChanges(checked.manifest, standing)).toMatchObject([{ kind: 'definition_changed' }]);
});

test('a manifest that takes a tool back to what stood leaves nothing waiting, and it runs again', () => {
  const old = first(testTool({ risk: 'write' }));
  const lowered = publish(2, old, testTool({ risk: 'read' }));
  const back = publish(3, lowered, testTool({ risk: 'write' }));
  expect(back.standing).toEqual(old.standing);
  expect(back.pending).toEqual([]);
});

test('a tool that was withdrawn and comes back tamer is still what it was', () => {
  const gone = publish(2, first(testTool({ risk: 'destructive' })));
  expect(gone.pending).toEqual([]);
  expect(runs(gone)).toEqual([]);
  const back = publish(3, gone, testTool({ risk: 'read' }));
  expect(risks(back)).toEqual([['demo_echo', 'destructive']]);
  expect(back.pending).toMatchObject([{ kind: 'risk_lowered' }]);
});

test('a tool that only read is forgotten when it is withdrawn', () => {
  expect(publish(2, first(testTool())).standing).toEqual([]);
});

const echo = (risk: ToolDefinition['risk'], description = 'An echo') => testTool({ risk, description });
const newcomer = besideGated(2, first(), echo('read'));
const laterWrite = besideGated(2, first(), echo('write'));

test.each<[string, Stage]>([
  ['appears later', newcomer],
  ['appears later and writes', laterWrite],
  ['is published again', besideGated(3, newcomer, echo('read'))],
  ['is published again when the gated one is gone', publish(3, newcomer, echo('read'))],
  ['changes while it waits', besideGated(3, newcomer, echo('read', 'Another'))],
  ['gets tamer while it waits', besideGated(3, laterWrite, echo('read'))],
  ['changes when the gated one is gone', publish(3, newcomer, echo('read', 'Another'))],
  ['is withdrawn and comes back', besideGated(4, publish(3, laterWrite), echo('write'))],
  [
    'ran before the gated one was there and comes back',
    besideGated(3, publish(2, first(echo('write'))), echo('write')),
  ],
])('a tool of low risk under a name that is gated elsewhere waits when it %s', (_, stage) => {
  const [declared] = stage.declared;
  expect(runs(stage)).toEqual([]);
  expect(stage.pending).toEqual([
    {
      tool: 'demo_echo',
      kind: 'risk_lowered',
      old_digest: GATED_DIGEST,
      new_digest: declared && toolDigest(declared),
    },
  ]);
});

test.each<[string, Stage]>([
  ['came with the enrolment', besideGated(2, first(echo('read')), echo('read', 'New'))],
  ['is gated itself', besideGated(2, first(), echo('destructive'))],
  ['becomes gated while it waits', besideGated(3, newcomer, echo('irreversible'))],
  [
    'goes back to what stood before a change that waits',
    besideGated(3, besideGated(2, first(echo('write')), echo('read')), echo('write')),
  ],
])('a tool under a name that is gated elsewhere runs when it %s', (_, stage) => {
  expect(runs(stage)).toEqual(stage.declared);
  expect(stage.pending).toEqual([]);
});

test('a tool of its own gated past is measured by that, not by what others have', () => {
  const old = first(echo('destructive'));
  const lowered = besideGated(2, old, echo('read'));
  expect(lowered.pending).toMatchObject([{ old_digest: old.standing[0]?.digest }]);
  const alone = publish(3, lowered, echo('read'));
  expect(risks(alone)).toEqual([['demo_echo', 'destructive']]);
  expect(runs(alone)).toEqual([]);
});

const many = (from: number) =>
  Array.from({ length: 1000 }, (_, at) => testTool({ name: `t${from + at}`, risk: 'write' }));

test('a manifest cannot fill the store with tools that were withdrawn', () => {
  const twice = publish(2, first(...many(0)), ...many(1000));
  expect(twice.standing).toHaveLength(2000);
  expect(() => publish(3, twice, ...many(2000))).toThrow(
    expect.objectContaining({ code: 'exec_manifest_invalid' }),
  );
});

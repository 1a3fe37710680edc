import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readPolicy } from './read-policy.ts';

function fileOf(lines: readonly string[], mode = 0o644): string {
  const folder = mkdtempSync(join(tmpdir(), 'xem-policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, lines.join('\n'));
  chmodSync(file, mode);
  return file;
}

const first = (...rest: readonly string[]) => ['rules:', '  - name: one', '    effect: deny', ...rest];

test('readPolicy reads a file with hours as people write them', () => {
  const file = fileOf(first('    hours: { zone: UTC, days: [mon], from: 08:00, to: 18:00 }'));
  const { policy, problems } = readPolicy(file);
  expect(problems).toEqual([]);
  const call = { tool: 't', workspaceId: 'ws_00000000', args: {} };
  expect(policy.refusal(call, Date.parse('2026-06-01T12:00:00Z'))).toContain('one');
  expect(policy.refusal(call, Date.parse('2026-06-02T12:00:00Z'))).toBeNull();
});

test.each<[string, readonly string[], number, string]>([
  ['an effect there is not', ['rules:', '  - name: one', '    effect: block'], 3, 'rules[0].effect'],
  ['a member there is not', first('    tool: x'), 4, 'rules[0].tool'],
  ['a workspace that is none', first('    workspaces: [prod]'), 4, 'rules[0].workspaces[0]'],
  ['a pattern that is none', first('    args:', '      node: "("'), 5, 'rules[0].args.node'],
  [
    'a zone that is none',
    first('    hours: { zone: Mars, from: 08:00, to: 09:00 }'),
    4,
    'rules[0].hours.zone',
  ],
  [
    'an hour that is none',
    first('    hours: { zone: UTC, from: 8:00, to: 09:00 }'),
    4,
    'rules[0].hours.from',
  ],
  ['hours of no length', first('    hours: { zone: UTC, from: 08:00, to: 08:00 }'), 4, 'rules[0].hours.to'],
  ['a name twice', first('  - name: one', '    effect: allow'), 4, 'rules[1].name'],
  ['no map', ['- one'], 1, ''],
])('readPolicy refuses %s with the line and the field', (...[, lines, line, field]) => {
  const file = fileOf(lines);
  expect(readPolicy(file).problems).toMatchObject([{ file, line, field }]);
});

test('readPolicy refuses a file that others may write, and one that is named and not there', () => {
  expect(readPolicy(fileOf(['rules: []'], 0o666)).problems).toMatchObject([
    { line: null, message: expect.stringContaining('chmod') },
  ]);
  expect(readPolicy('/nonexistent/policy.yaml').problems).toMatchObject([
    { line: null, message: expect.stringContaining('policy_path') },
  ]);
});

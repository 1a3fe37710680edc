import { Tool } from '@xem/protocol';
import { expect, test } from 'vitest';
import { toolSample } from '../testing/stand-in.ts';
import { ofAlias } from './resolve.ts';

const tool = (name: string, over: Readonly<Record<string, unknown>> = {}): Tool =>
  Tool.parse(toolSample(name, { mcp: { visible: true, alias: 'fs_read' }, ...over }));

test.each([
  ['the only one', [tool('fs.read')], 'fs.read'],
  ['the one so named', [tool('fs.read'), tool('fs_read')], 'fs_read'],
  ['the one that is there', [tool('fs_read', { agents_online: 0 }), tool('fs.read')], 'fs.read'],
  [
    'the one that is shown',
    [tool('fs_read', { mcp: { visible: false, alias: 'fs_read' } }), tool('fs.read')],
    'fs.read',
  ],
] as const)('ofAlias takes %s', (_, rows, name) => {
  expect(ofAlias(rows, 'fs_read')?.name).toBe(name);
});

test('ofAlias knows no tool by its name', () => {
  expect(ofAlias([tool('fs.read')], 'fs.read')).toBeUndefined();
});

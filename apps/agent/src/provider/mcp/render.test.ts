import type { CallToolResult } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { renderResult } from './render.ts';

const text = (words: string) => ({ type: 'text' as const, text: words });
const IMAGE = { type: 'image' as const, data: 'AAEC', mimeType: 'image/png' };

test.each<[string, CallToolResult, boolean, string]>([
  ['one text', { content: [text('a\nü')] }, false, 'a\nü'],
  ['some texts', { content: [text('a'), text(''), text('b')] }, false, 'a\n\nb'],
  ['nothing', { content: [] }, false, ''],
  [
    'bytes',
    { content: [text('a'), IMAGE] },
    false,
    '{"content":[{"text":"a","type":"text"},{"data":"AAEC","mimeType":"image/png","type":"image"}]}',
  ],
  [
    'structured content of a tool with a schema',
    { content: [text('x')], structuredContent: { b: 1, a: [] } },
    true,
    '{"a":[],"b":1}',
  ],
  ['structured content beside texts', { content: [text('x')], structuredContent: { a: 1 } }, false, 'x'],
  ['structured content alone', { content: [], structuredContent: { a: 1 } }, false, '{"a":1}'],
  ['a tool with a schema that failed', { content: [text('no')], isError: true }, true, 'no'],
])('renderResult of %s', (...[, result, isStructured, bytes]) => {
  expect(renderResult(result, isStructured).toString()).toBe(bytes);
});

import { expect, test } from 'vitest';
import { renderObject } from './detail.ts';

test('names of members become words, and names of tools stay as they are', () => {
  const text = renderObject({ ip_allow: ['::1'], concurrency: { max: 8, per_tool: { demo_echo: 4 } } });
  expect(text.replaceAll(/ {2,}/g, ': ').split('\n')).toEqual([
    'IP allow: ::1',
    'Concurrency max: 8',
    'Concurrency per tool demo_echo: 4',
    '',
  ]);
});

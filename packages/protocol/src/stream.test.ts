import { expect, test } from 'vitest';
import { formatPosition, parsePosition } from './stream.ts';

test('parsePosition reads what formatPosition writes', () => {
  const position = { seq: 42, attempt: 3, stdout: 65_536, stderr: 0 };
  expect(formatPosition(position)).toBe('42.3.65536.0');
  expect(parsePosition('42.3.65536.0')).toEqual(position);
});

test.each([
  '',
  '42',
  '1.2.3',
  '1.2.3.4.5',
  '-1.0.0.0',
  '1.0.0.x',
  ' 1.0.0.0',
  '1.0.0.0\n',
  '1e3.0.0.0',
  '1..0.0',
  '9999999999999999.0.0.0',
])('parsePosition answers null for %j', (text) => {
  expect(parsePosition(text)).toBeNull();
});

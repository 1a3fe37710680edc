import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lastWords } from './last-words.ts';

function folder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'xem-words-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'log'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

test('lastWords tells what each log below a folder ends with, and nothing else', () => {
  const dir = folder({ 'agent.log': 'one\n', 'log/router.log': 'two\n', 'log/router.log.1': '', key: 'x' });
  expect(lastWords(dir)).toBe('--- agent.log\none\n--- log/router.log\ntwo\n');
});

test('lastWords tells whole lines of the end of a long log', () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `{"line":${at}}\n`);
  const words = lastWords(folder({ 'router.log': lines.join('') }))
    .trimEnd()
    .split('\n');
  expect(words.length).toBeLessThan(2000);
  expect(words.slice(-2)).toEqual(['{"line":4998}', '{"line":4999}']);
  expect(words[1]).toMatch(/^\{"line":\d+\}$/);
});

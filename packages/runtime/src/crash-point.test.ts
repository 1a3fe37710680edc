import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { crashPointOf } from './crash-point.ts';

const MODULE = new URL('crash-point.ts', import.meta.url).href;
const POINT = { XEM_CRASH_POINT: 'after-commit:invocation.created#2' };

test.each([{}, { XEM_CRASH_POINT: '' }])('crashPointOf has none when none is named: %o', (env) => {
  expect(crashPointOf(env)).toBeNull();
});

test.each(['yes', 'after-commit', 'after-commit:x#0', 'during-commit:x', 'after-commit:x#2 '])(
  'crashPointOf refuses %s',
  (named) => {
    expect(() => crashPointOf({ XEM_CRASH_POINT: named })).toThrow(/^XEM_CRASH_POINT/);
  },
);

test.each([
  ['after-commit:invocation.created', 1, null],
  ['before-commit:invocation.created', 3, null],
  ['after-commit:invocation.created', 2, 'SIGKILL'],
])('crashPoint.reach at %s %i times ends the process with %s', (place, times, signal) => {
  const script = `const { crashPointOf } = await import('${MODULE}');
    const point = crashPointOf(process.env);
    for (let at = 0; at < ${times}; at += 1) point.reach('${place}');`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...POINT },
    encoding: 'utf8',
  });
  expect(ended.signal).toBe(signal);
  expect(ended.stderr.includes('crash point after-commit:invocation.created#2')).toBe(signal !== null);
});

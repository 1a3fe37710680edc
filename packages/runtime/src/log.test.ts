import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLog, silentLog, type Log, type LogLevel } from './log.ts';

/** What a log wrote while `use` had it. */
function written(level: LogLevel, use: (log: Log) => void): string {
  const dir = mkdtempSync(join(tmpdir(), 'xem-log-'));
  const path = join(dir, 'log');
  const fd = openSync(path, 'w');
  try {
    use(createLog({ name: 'test', level, fd }));
    return readFileSync(path, 'utf8');
  } finally {
    closeSync(fd);
    rmSync(dir, { recursive: true });
  }
}

test('createLog writes a line of JSON with the event and its fields', () => {
  const text = written('info', (log) => log.info('invocation.dispatched', { invocationId: 'i', waitMs: 3 }));
  expect(JSON.parse(text)).toMatchObject({
    program: 'test',
    event: 'invocation.dispatched',
    invocationId: 'i',
    waitMs: 3,
  });
});

test.each([
  ['debug', 4],
  ['info', 3],
  ['warn', 2],
  ['error', 1],
  ['silent', 0],
] as const)('createLog at level %s writes %i of four lines', (level, lines) => {
  const text = written(level, (log) => {
    log.debug('a.b');
    log.info('a.b');
    log.warn('a.b');
    log.error('a.b');
  });
  expect(text.split('\n').filter(Boolean)).toHaveLength(lines);
});

test('createLog.child adds its fields to every line', () => {
  const text = written('info', (log) => log.child({ requestId: 'r1' }).child({ agentId: 'a1' }).info('a.b'));
  expect(JSON.parse(text)).toMatchObject({ requestId: 'r1', agentId: 'a1' });
});

test('createLog writes an error with its stack and its cause', () => {
  const err = new Error('commit failed', { cause: new Error('disk full') });
  const text = written('info', (log) => log.error('store.failed', { err }));
  expect(text).toContain('commit failed');
  expect(text).toContain('disk full');
  expect(text).toContain('log.test.ts');
});

const SECRET = 'xero_acme_planted-secret';

test.each(['value', 'key', 'token', 'secret', 'join_key', 'authorization', 'args'])(
  'createLog never writes a planted %s, on the first level or the second',
  (name) => {
    const text = written('debug', (log) => {
      log.info('a.b', { [name]: SECRET });
      log.warn('a.b', { request: { [name]: SECRET } });
      log.child({ [name]: SECRET }).error('a.b', { body: { [name]: { deep: SECRET } } });
    });
    expect(text.split('\n').filter(Boolean)).toHaveLength(3);
    expect(text).not.toContain(SECRET);
  },
);

test('silentLog says nothing and has silent children', () => {
  expect(silentLog.child({ a: 1 })).toBe(silentLog);
  expect(silentLog.error('a.b')).toBeUndefined();
});

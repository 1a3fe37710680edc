import { expect, test } from 'vitest';
import { createSequence } from './sequence.ts';

/** A piece of work that a test ends when it likes. */
function work(done: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    await promise;
    done.push(name);
  };
  return { run, end: resolve, fail: reject };
}

test('sequence.run keeps the order of one key, however long each piece takes', async () => {
  const done: string[] = [];
  const sequence = createSequence<string>(() => undefined);
  const [first, second] = [work(done, 'first'), work(done, 'second')];
  sequence.run('a', first.run);
  sequence.run('a', second.run);
  second.end();
  first.end();
  await sequence.drained();
  expect(done).toEqual(['first', 'second']);
});

test('sequence.run lets another key pass', async () => {
  const done: string[] = [];
  const sequence = createSequence<string>(() => undefined);
  const [slow, quick] = [work(done, 'slow'), work(done, 'quick')];
  sequence.run('a', slow.run);
  sequence.run('b', quick.run);
  quick.end();
  await Promise.resolve();
  slow.end();
  await sequence.drained();
  expect(done).toEqual(['quick', 'slow']);
});

test('sequence.run goes on behind a piece that failed, and tells of it', async () => {
  const done: string[] = [];
  const errors: unknown[] = [];
  const sequence = createSequence<string>((error) => errors.push(error));
  const [broken, next] = [work(done, 'broken'), work(done, 'next')];
  sequence.run('a', broken.run);
  sequence.run('a', next.run);
  broken.fail(new Error('it broke'));
  next.end();
  await sequence.drained();
  expect([done, errors]).toEqual([['next'], [new Error('it broke')]]);
});

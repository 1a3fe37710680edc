import { InvocationId } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRunRig, outcome, type RunRig } from '../testing/run-rig.ts';
import type { HostedRequest } from './hosted-run.ts';
import { createMask, NO_MASK } from './mask.ts';

let rig: RunRig;
beforeEach(() => {
  rig = openRunRig();
});
afterEach(() => rig.close());

const request = (work: HostedRequest['work'], fields: Partial<HostedRequest> = {}): HostedRequest => {
  const key = rig.newKey();
  const invocationId = InvocationId.parse(key.execution_id);
  return { key, invocationId, timeoutMs: 10_000, outputBytesMax: 1000, mask: NO_MASK, work, ...fields };
};

test('host keeps what the work writes, streams apart, and its status', async () => {
  const run = rig.runner.host(
    request(async (io) => {
      await io.write('stdout', Buffer.from('a'));
      await io.write('stderr', Buffer.from('b'));
      await io.write('stdout', Buffer.from('c'));
      return { kind: 'exit', status: 1 };
    }),
  );
  expect(run.pid).toBeNull();
  expect(await outcome(run)).toMatchObject({
    stdout: 'ac',
    stderr: 'b',
    end: { status: 'failed', exit_code: 1 },
  });
});

test('host refuses an attempt that was started before', async () => {
  const again = request(async () => ({ kind: 'exit', status: 0 }));
  await rig.runner.host(again).ended;
  expect(() => rig.runner.host(again)).toThrow('was started before');
});

test('host calls work that breaks off lost', async () => {
  const run = rig.runner.host(request(() => Promise.reject(new Error('secret details'))));
  const { status, error } = await run.ended;
  expect([status, error]).toEqual([
    'lost',
    { code: 'tool_killed', message: 'the call broke off on the host' },
  ]);
});

test('host masks and cuts the reason that a server gave', async () => {
  const why = `the key is secret-of-vault ${'x'.repeat(5000)}`;
  const run = rig.runner.host(
    request(async () => ({ kind: 'unknown', why }), { mask: createMask(['secret-of-vault']) }),
  );
  const message = (await run.ended).error?.message ?? '';
  expect(message).toHaveLength(1000);
  expect(message).toMatch(/^the key is \*{15} x+$/);
});

test('host drops what is written after the limit, and the work is told', async () => {
  const told: boolean[] = [];
  const run = rig.runner.host(
    request(async (io) => {
      for (let piece = 0; piece < 5; piece++) await io.write('stdout', Buffer.alloc(600, 'x'));
      told.push(io.signal.aborted);
      return { kind: 'exit', status: 0 };
    }),
  );
  const { stdout, end } = await outcome(run);
  expect([stdout.length, end.error?.code, told]).toEqual([1000, 'output_limit_exceeded', [true]]);
});

import { sha256Hex, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inHttpWorld, refusalOf, type HttpWorld } from '../testing/http-world.ts';
import { rangeOf } from './blob.ts';

test.each([
  ['bytes=0-0', { from: 0, to: 1 }],
  ['bytes=2-4', { from: 2, to: 5 }],
  ['bytes=5-', { from: 5, to: 10 }],
  ['bytes=5-500', { from: 5, to: 10 }],
  ['bytes=-3', { from: 7, to: 10 }],
  ['bytes=-30', { from: 0, to: 10 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=10-12', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=-', null],
  ['bytes=4-2', null],
  ['bytes=0-1,3-4', null],
  ['items=0-1', null],
  ['bytes=a-b', null],
  [undefined, null],
])('rangeOf reads %s of ten bytes', (header, range) => {
  expect(rangeOf(header, 10)).toEqual(range);
});

test.each([['bytes=0-'], ['bytes=-1']])('rangeOf finds nothing for %s in an empty stream', (header) => {
  expect(rangeOf(header, 0)).toBe('unsatisfiable');
});

const BYTES = Buffer.from([0x00, 0xff, 0x0a, 0x0d, 0xc3, 0x28, 0x41, 0x42, 0x43, 0x00]);
const TAG = `"${sha256Hex(BYTES)}"`;

async function ended(
  world: HttpWorld,
  end: Parameters<HttpWorld['finish']>[1] = { stdout: BYTES },
): Promise<Invocation> {
  const made = await world.invoke();
  await world.start(made);
  await world.finish(made, end);
  return made;
}

const raw = (
  world: HttpWorld,
  made: Invocation,
  options: { query?: string; headers?: Record<string, string>; method?: string },
) =>
  world.call(
    `${options.method ?? 'GET'} /v1/exec/executions/${made.execution_id}/raw${options.query ?? ''}`,
    {
      headers: options.headers ?? {},
    },
  );

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

test('execution.raw answers the exact bytes and what is known of them', () =>
  inHttpWorld(async (world) => {
    const answer = await raw(world, await ended(world), {});
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '10',
      etag: TAG,
      'x-content-sha256': sha256Hex(BYTES),
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers.has('x-exec-truncated')).toBe(false);
    expect(await bytesOf(answer)).toEqual(BYTES);
  }));

test('execution.raw keeps the streams apart, and an empty one is empty', () =>
  inHttpWorld(async (world) => {
    const made = await ended(world, { stderr: BYTES });
    const [out, err] = [await raw(world, made, {}), await raw(world, made, { query: '?stream=stderr' })];
    expect(out.headers.get('content-length')).toBe('0');
    expect(await bytesOf(out)).toHaveLength(0);
    expect(await bytesOf(err)).toEqual(BYTES);
  }));

test('execution.raw answers one range with 206', () =>
  inHttpWorld(async (world) => {
    const answer = await raw(world, await ended(world), { headers: { range: 'bytes=2-4' } });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe('bytes 2-4/10');
    expect(answer.headers.get('content-length')).toBe('3');
    expect(await bytesOf(answer)).toEqual(BYTES.subarray(2, 5));
  }));

test('execution.raw answers a range beyond the end with 416 and the envelope', () =>
  inHttpWorld(async (world) => {
    const answer = await raw(world, await ended(world), { headers: { range: 'bytes=10-' } });
    expect(answer.headers.get('content-range')).toBe('bytes */10');
    expect(await refusalOf(answer)).toEqual({ status: 416, code: 'invalid_body', param: 'Range' });
  }));

test('execution.raw honours If-None-Match and If-Range', () =>
  inHttpWorld(async (world) => {
    const made = await ended(world);
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await raw(world, made, { headers })).status;
    expect(await status({ 'if-none-match': TAG })).toBe(304);
    expect(await status({ 'if-none-match': `"other", W/${TAG}` })).toBe(304);
    expect(await status({ 'if-none-match': '"other"' })).toBe(200);
    expect(await status({ range: 'bytes=0-1', 'if-range': TAG })).toBe(206);
    expect(await status({ range: 'bytes=0-1', 'if-range': '"other"' })).toBe(200);
  }));

test('HEAD on execution.raw answers the headers alone', () =>
  inHttpWorld(async (world) => {
    const answer = await raw(world, await ended(world), { method: 'HEAD' });
    expect(answer.headers.get('content-length')).toBe('10');
    expect(await bytesOf(answer)).toHaveLength(0);
  }));

test('execution.raw says that output was cut', () =>
  inHttpWorld(async (world) => {
    const stdout = { bytes: BYTES.length, sha256: sha256Hex(BYTES), truncated: true, masked: 0 };
    const answer = await raw(world, await ended(world, { stdout: BYTES, report: { stdout } }), {});
    expect(answer.headers.get('x-exec-truncated')).toBe('true');
  }));

test('execution.raw answers 409 before the end and 410 after the retention', () =>
  inHttpWorld(async (world) => {
    const running = await world.invoke();
    await world.start(running);
    expect(await refusalOf(await raw(world, running, {}))).toMatchObject({
      status: 409,
      code: 'invalid_state',
    });
    await world.finish(running, { stdout: BYTES });
    await world.clock.advance(world.services.settings.outputRetentionMs + 1);
    expect(await refusalOf(await raw(world, running, {}))).toMatchObject({
      status: 410,
      code: 'output_expired',
    });
  }));

test('execution.raw of another project is not found', () =>
  inHttpWorld(async (world) => {
    const { execution_id: id } = await ended(world);
    const answer = await world.call(`GET /v1/exec/executions/${id}/raw`, {
      key: world.seed.keys.other_project,
    });
    expect(await refusalOf(answer)).toMatchObject({ status: 404, code: 'execution_not_found' });
  }));

import { EXECUTION_ID, refuse } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { openWorld, RAW } from '../testing/stand-in.ts';

const URI = `xem://executions/${EXECUTION_ID}/raw`;

/** A router that has these bytes, and gives parts of them. */
const holding = (bytes: Buffer) =>
  openWorld({
    routes: {
      [RAW]: ({ headers }, response) => {
        const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
        const range = { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` };
        const part = bytes.subarray(from);
        response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length, ...(from > 0 && range) });
        response.end(part);
      },
    },
  });

test('exec.get_output pages through text without cutting a character', async () => {
  await using world = await holding(Buffer.from('ab€cd'));
  const client = await world.connect();
  const page = { execution_id: EXECUTION_ID, limit: 4 };
  const first = await client.call('exec.get_output', page);
  expect(first.structuredContent).toMatchObject({
    text: 'ab',
    bytes: 2,
    next_offset: 2,
    total_bytes: 7,
    lossy: false,
  });
  const second = await client.call('exec.get_output', { ...page, offset: 2 });
  expect(second.structuredContent).toMatchObject({ text: '€c', next_offset: 6 });
  const last = await client.call('exec.get_output', { ...page, offset: 6 });
  expect(last.structuredContent).toMatchObject({ text: 'd', next_offset: null });
});

test('exec.get_output gives exact bytes as base64, and says when text is not exact', async () => {
  const bytes = Buffer.from([0, 1, 0xff, 0xfe, 10]);
  await using world = await holding(bytes);
  const client = await world.connect();
  const exact = await client.call('exec.get_output', { execution_id: EXECUTION_ID, encoding: 'base64' });
  expect(exact.structuredContent).toMatchObject({
    base64: bytes.toString('base64'),
    text: null,
    lossy: false,
  });
  const text = await client.call('exec.get_output', { execution_id: EXECUTION_ID });
  expect(text.structuredContent).toMatchObject({ lossy: true });
});

test('resources/read serves the output that a call links to', async () => {
  await using world = await holding(Buffer.from('hello'));
  const client = await world.connect();
  const { content } = await client.call('pods_get');
  expect(content.find(({ type }) => type === 'resource_link')).toMatchObject({ uri: URI });
  expect(await client.read(URI)).toEqual([{ uri: URI, mimeType: 'application/octet-stream', text: 'hello' }]);
});

test('resources/read gives bytes that are no text as they are', async () => {
  const bytes = Buffer.from([0, 0xff]);
  await using world = await holding(bytes);
  expect(await (await world.connect()).read(URI)).toMatchObject([{ blob: bytes.toString('base64') }]);
});

test.each([
  ['of no run', 'xem://executions/none/raw'],
  ['of something else', 'file:///etc/passwd'],
] as const)('resources/read refuses an address %s', async (_, uri) => {
  await using world = await openWorld();
  await expect((await world.connect()).read(uri)).rejects.toThrow();
});

test('exec.get_output passes on output_expired', async () => {
  await using world = await openWorld({
    routes: { [RAW]: (_, response) => refuse(response, { code: 'output_expired' }, { status: 410 }) },
  });
  const answer = await (await world.connect()).call('exec.get_output', { execution_id: EXECUTION_ID });
  expect(answer).toMatchObject({ isError: true, structuredContent: { error: { code: 'output_expired' } } });
});

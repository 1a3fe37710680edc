import { EXECUTION_ID, refuse, startServer, type Handler } from '@xem/client/testing';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folder.ts';
import { xeroctl } from '../../testing/terminal.ts';

const RAW = `GET /v1/exec/executions/${EXECUTION_ID}/raw`;
const STDOUT = Buffer.from([0, 255, 254, 13, 10, 27, 91, 195, 40, 0, 128]);
const STDERR = Buffer.from('warn\u001b[0m\r\n');

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const serve: Handler = ({ url, headers }, response) => {
  const bytes = url.includes('stream=stderr') ? STDERR : STDOUT;
  const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    etag: `"${sha256(bytes)}"`,
    'x-content-sha256': sha256(bytes),
    'x-exec-truncated': 'true',
    'content-length': bytes.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
  });
  response.end(bytes.subarray(from));
};

test('exec raw writes each stream to its own, to the last byte', async () => {
  await using server = await startServer({ [RAW]: serve });
  const { exit, bytes, errorBytes } = await xeroctl(['exec', 'raw', EXECUTION_ID], server);
  expect(exit).toBe(0);
  expect(bytes.equals(STDOUT)).toBe(true);
  expect(errorBytes.subarray(0, 0).length + errorBytes.indexOf(STDERR)).toBeGreaterThanOrEqual(0);
  expect(errorBytes.toString()).toContain('stdout: the run wrote more than was kept\n');
});

test.each([
  ['stdout', STDOUT],
  ['stderr', STDERR],
])('exec raw --stream %s writes that one to standard output', async (stream, expected) => {
  await using server = await startServer({ [RAW]: serve });
  const { bytes } = await xeroctl(['exec', 'raw', EXECUTION_ID, '--stream', stream], server);
  expect(bytes.equals(expected)).toBe(true);
  expect(server.received).toHaveLength(1);
});

test('exec raw --file writes a file that is whole when it is there', async () => {
  await using server = await startServer({ [RAW]: serve });
  const dir = await temporaryFolder();
  const { exit, stdout } = await xeroctl(['exec', 'raw', EXECUTION_ID, '--file', join(dir, 'out')], server);
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
  expect((await readFile(join(dir, 'out'))).equals(STDOUT)).toBe(true);
  expect(await readdir(dir)).toEqual(['out']);
});

test('exec raw --file goes on with a download that broke', async () => {
  await using server = await startServer({ [RAW]: serve });
  const dir = await temporaryFolder();
  await writeFile(join(dir, `out.${EXECUTION_ID}.stderr.part`), STDERR.subarray(0, 3));
  await xeroctl(['exec', 'raw', EXECUTION_ID, '--file', join(dir, 'out'), '--stream', 'stderr'], server);
  expect((await readFile(join(dir, 'out'))).equals(STDERR)).toBe(true);
  expect(server.received[0]?.headers.range).toBe('bytes=3-');
});

test('exec raw --file does not keep what does not fit together', async () => {
  await using server = await startServer({ [RAW]: serve });
  const dir = await temporaryFolder();
  await writeFile(join(dir, `out.${EXECUTION_ID}.stdout.part`), 'not');
  const { exit, stderr } = await xeroctl(['exec', 'raw', EXECUTION_ID, '--file', join(dir, 'out')], server);
  expect(exit).toBe(1);
  expect(stderr).toContain('run this again');
  expect(await readdir(dir)).toEqual([]);
});

test.each([
  ['invalid_state', 409, 8],
  ['output_expired', 410, 4],
  ['execution_not_found', 404, 4],
])('exec raw passes %s on', async (code, status, exit) => {
  await using server = await startServer({ [RAW]: (_, response) => refuse(response, { code }, { status }) });
  const outcome = await xeroctl(['exec', 'raw', EXECUTION_ID], server);
  expect(outcome.exit).toBe(exit);
  expect(outcome.bytes).toHaveLength(0);
});

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { refuse, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folder.ts';
import { xeroctl } from '../../testing/terminal.ts';

const SPAN = ['--since', '2026-01-01', '--until', '2026-01-02T08:00:00Z'];
const LINES = '{"object":"execution","id":"a"}\n{"object":"execution","id":"b"}\n';

test('exports executions writes the lines as they are, and sends the filters', async () => {
  await using server = await startServer({
    'POST /v1/exports/executions': (_, response) => void response.end(LINES),
  });
  const { stdout, exit } = await xeroctl(
    [...'exports executions --tool demo_echo --status failed'.split(' '), ...SPAN],
    server,
  );
  expect({ stdout, exit }).toEqual({ stdout: LINES, exit: 0 });
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
    tool: 'demo_echo',
    status: 'failed',
    created_after: '2026-01-01T00:00:00.000Z',
    created_before: '2026-01-02T08:00:00.000Z',
  });
});

test('exports journal writes a file of its owner alone', async () => {
  const path = join(await temporaryFolder(), 'journal.ndjson');
  await using server = await startServer({
    'POST /v1/exports/journal': (_, response) => void response.end(LINES),
  });
  const { stdout, stderr } = await xeroctl(['exports', 'journal', '--from-seq', '3', '--file', path], server);
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: `${path}: ${LINES.length} bytes\n` });
  expect(await readFile(path, 'utf8')).toBe(LINES);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({ from_seq: 3 });
});

test('an export that breaks off leaves no file under its name', async () => {
  const path = join(await temporaryFolder(), 'journal.ndjson');
  await using server = await startServer({
    'POST /v1/exports/journal': (_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write(LINES);
      response.destroy();
    },
  });
  expect((await xeroctl(['exports', 'journal', '--file', path], server)).exit).toBe(75);
  await expect(stat(path)).rejects.toThrow(/ENOENT/);
});

test('exports end with 5 where the key may not read the journal', async () => {
  await using server = await startServer({
    'POST /v1/exports/journal': (_, response) =>
      refuse(response, { code: 'scope_insufficient' }, { status: 403 }),
  });
  expect((await xeroctl(['exports', 'journal'], server)).exit).toBe(5);
});

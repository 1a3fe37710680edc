import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { HOUR_MS, JoinKey, JournalVerification, SignedHead } from '@xem/protocol';
import { expect } from 'vitest';
import { z } from 'zod';
import { call, codeOf, send } from '../mesh/api.ts';
import { run } from '../mesh/invoke.ts';
import { until, type Mesh } from '../mesh/mesh.ts';
import { useMeshes } from '../mesh/use-meshes.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const { start, folder } = useMeshes();

const verdict = async (mesh: Mesh): Promise<JournalVerification> =>
  JournalVerification.parse((await call(mesh, { path: '/v1/exec/journal/verify' })).body);

const headsIn = (path: string): readonly SignedHead[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => SignedHead.parse(JSON.parse(line)));

/** Takes the last entries of a project's chain away, with nothing left to show for it within the database. */
function cutTail(dir: string, project: string, count: number): number {
  const database = new DatabaseSync(join(dir, 'router', 'xem.db'));
  const last = z
    .object({ seq: z.number() })
    .parse(database.prepare('SELECT max(seq) AS seq FROM journal WHERE project_id = ?').get(project));
  database.prepare('DELETE FROM journal WHERE project_id = ? AND seq > ?').run(project, last.seq - count);
  database.close();
  return last.seq - count + 1;
}

proves('audit.cut-tail', 'a copy of the database without its last entries', async () => {
  const mesh = await start(await folder());
  await run(mesh, { tool: 'demo_echo' });
  await mesh.stop();
  const heads = headsIn(join(mesh.dir, 'router', 'heads.ndjson'));
  const copy = await folder();
  cpSync(mesh.dir, copy, { recursive: true });
  const firstBad = cutTail(copy, mesh.facts.project_id, 2);

  const spoilt = await start(copy);
  await run(spoilt, { tool: 'demo_echo' });
  expect(await verdict(spoilt)).toMatchObject({ ok: false, first_bad_seq: firstBad });
  const told = await xeroctl(spoilt, ['journal', 'verify']);
  expect(told.code).toBe(1);
  const log = readFileSync(join(copy, 'log', 'router.log'), 'utf8');
  expect(log).toContain('journal.not_as_signed');
  await spoilt.stop();
  const own = (head: SignedHead): boolean => head.project_id === mesh.facts.project_id;
  expect(headsIn(join(copy, 'router', 'heads.ndjson')).filter(own)).toEqual(heads.filter(own));
});

proves('audit.cut-tail', 'nothing is missing, and the heads go on', async () => {
  const mesh = await start(await folder());
  await run(mesh, { tool: 'demo_echo' });
  await mesh.stop();
  const again = await start(mesh.dir, { XEM_HEAD_ENTRIES: '1' });
  await run(again, { tool: 'demo_echo' });
  const { ok, head } = await verdict(again);
  expect(ok).toBe(true);
  await until('the head of the chain', () =>
    headsIn(join(mesh.dir, 'router', 'heads.ndjson')).some(({ seq }) => seq >= head.seq),
  );
});

const outputsIn = (dir: string): readonly string[] => {
  const path = join(dir, 'router', 'outputs');
  return existsSync(path)
    ? readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'))
    : [];
};

proves('retention.outputs', 'rows and a file, an hour after they were written', async () => {
  const env = { XEM_OUTPUT_RETENTION_HOURS: '1' };
  const mesh = await start(await folder(), env);
  const small = await run(mesh, { tool: 'demo_echo', args: { small: true } });
  const large = await run(mesh, { tool: 'demo_flood', args: { bytes: 400_000 } });
  expect(outputsIn(mesh.dir)).toHaveLength(1);
  await mesh.stop();
  const later = await start(mesh.dir, { ...env, XEM_WALL_OFFSET_MS: `${2 * HOUR_MS}` });
  for (const { execution_id: id } of [small, large]) {
    const answer = await call(later, { path: `/v1/exec/executions/${id}/raw`, as: 'service' });
    expect([answer.status, codeOf(answer)]).toEqual([410, 'output_expired']);
  }
  await until('the end of the file', () => outputsIn(later.dir).length === 0);
  expect((await verdict(later)).ok).toBe(true);
});

proves('retention.journal', 'two days later, with a follower that asks for what is gone', async () => {
  const mesh = await start(await folder());
  await run(mesh, { tool: 'demo_echo' });
  const { head } = await verdict(mesh);
  await mesh.stop();
  const env = { XEM_JOURNAL_RETENTION_DAYS: '1', XEM_WALL_OFFSET_MS: `${48 * HOUR_MS}` };
  const later = await start(mesh.dir, env);
  await run(later, { tool: 'demo_echo' });
  await until('the checkpoint', async () => ((await verdict(later)).checkpoint_seq ?? 0) >= head.seq);
  const seen = await verdict(later);
  expect(seen).toMatchObject({ ok: true, first_bad_seq: null });
  expect(seen.entries).toBe(seen.head.seq - (seen.checkpoint_seq ?? 0));
  await later.stop();

  const again = await start(mesh.dir, env);
  const stop = new AbortController();
  const followed = await send(again, { path: '/v1/exec/executions/stream?after_seq=1', signal: stop.signal });
  const first = (seen.checkpoint_seq ?? 0) + 1;
  let value = '';
  for await (const piece of followed.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    value += piece;
    if (value.includes(`id: ${first}\n`)) break;
  }
  stop.abort();
  expect(value.split('\n').slice(0, 2)).toEqual([
    'event: stream.gap',
    `data: ${JSON.stringify({ after_seq: 1, first_seq: first })}`,
  ]);
});

/** The program of the guide, as somebody else would run it: Node.js, a file, a key, and heads. */
async function verifyByTheGuide(
  place: string,
  args: readonly string[],
): Promise<{ code: number; said: string }> {
  const guide = readFileSync(new URL('../../../../docs/guide/audit.md', import.meta.url), 'utf8');
  const [, program = ''] = /```js\n(.*?)```/s.exec(guide) ?? [];
  const path = join(place, 'verify.mjs');
  writeFileSync(path, program);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [path, ...args]);
    return { code: 0, said: stdout };
  } catch (err) {
    const { code, stderr } = z.object({ code: z.number(), stderr: z.string() }).parse(err);
    return { code, said: stderr };
  }
}

/** The signing key of a router as a join key tells it. */
async function signingKeyOf(mesh: Mesh): Promise<string> {
  const answer = await call(mesh, {
    method: 'POST',
    path: '/v1/management/join-keys',
    body: { name: 'auditor' },
  });
  return JoinKey.parse(answer.body).router_signing_key;
}

const Export = z.looseObject({ to_seq: z.number() });

proves('audit.export', 'by the program of the guide, over a whole file and over spoilt ones', async () => {
  const mesh = await start(await folder(), { XEM_HEAD_ENTRIES: '1' });
  for (let nth = 0; nth < 20; nth++) await run(mesh, { tool: 'demo_echo', args: { nth } });
  const place = await folder();
  const file = join(place, 'journal.ndjson');
  const key = await signingKeyOf(mesh);
  // Heads that are kept are older than what is taken out; the router goes on to sign.
  const signed = join(mesh.dir, 'router', 'heads.ndjson');
  const heads = join(place, 'kept.ndjson');
  const { head } = await verdict(mesh);
  await until('a signed head', () => headsIn(signed).length > 0);
  cpSync(signed, heads);
  expect(await xeroctl(mesh, ['exports', 'journal', '--file', file])).toMatchObject({ code: 0 });
  const whole = readFileSync(file, 'utf8').trimEnd().split('\n');
  const { to_seq: last } = Export.parse(JSON.parse(whole[0] ?? ''));
  expect(last).toBeGreaterThan(head.seq);
  expect(await verifyByTheGuide(place, [file, key, heads])).toEqual({
    code: 0,
    said: `${whole.length - 2} entries hold, up to ${last}\n`,
  });

  const spoilt: readonly (readonly [RegExp, readonly string[]])[] = [
    [
      /entry 5 is not what was written/,
      whole.map((line, at) => (at === 5 ? line.replace(/"at":"\d/, '"at":"3') : line)),
    ],
    [/entry 5 does not follow/, whole.filter((_, at) => at !== 5)],
    [/entries are missing/, whole.filter((_, at) => at !== whole.length - 2)],
    [/not whole/, whole.slice(0, -1)],
  ];
  for (const [says, lines] of spoilt) {
    writeFileSync(file, `${lines.join('\n')}\n`);
    const { code, said } = await verifyByTheGuide(place, [file, key]);
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(says) });
  }
});

proves('audit.export', 'executions, with who took them in the journal', async () => {
  const mesh = await start(await folder());
  const made = await run(mesh, { tool: 'demo_echo', args: { a: 1 } });
  const { stdout } = await xeroctl(mesh, ['exports', 'executions', '--tool', 'demo_echo']);
  const [line = ''] = stdout.toString().split('\n');
  expect(JSON.parse(line)).toMatchObject({
    object: 'execution',
    id: made.execution_id,
    invocation: { object: 'invocation', id: made.id, args: { a: 1 } },
  });
  const kept = await call(mesh, { path: '/v1/exec/journal?types=export.created' });
  expect(kept.body).toMatchObject({
    data: [{ data: { what: 'executions', tool: 'demo_echo' }, actor: { kind: 'human' } }],
  });
  const refused = await call(mesh, {
    method: 'POST',
    path: '/v1/exports/executions',
    as: 'service',
    body: {},
  });
  expect([refused.status, codeOf(refused)]).toEqual([403, 'scope_insufficient']);
});

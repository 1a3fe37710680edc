import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { effectsOf } from '../mesh/effects.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { shell } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const Call = z.looseObject({ id: z.string() });

const guide = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../docs/guide/${name}`, import.meta.url)), 'utf8');

/** The commands of a page, in their order. */
const commandsOf = (page: string): string =>
  [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands).join('');

proves('journal.follows-a-call', 'every command of the guide, pasted into one shell', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xem-guide-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { code, stdout, stderr } = await shell(
    mesh(),
    `cd ${folder}\nset -e\n${commandsOf(guide('follow-a-call.md'))}`,
  );
  const lines = stdout.toString('utf8').split('\n');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const hashes = lines.filter((line) => /^[0-9a-f]{64}$/.test(line));
  const [computed, told, args, argsInJournal, written, writtenInJournal] = hashes;
  expect(hashes).toHaveLength(6);
  expect([computed, args, written]).toEqual([told, argsInJournal, writtenInJournal]);
  expect(lines.find((line) => /^\s+\d+ [0-9a-f]{64}$/.test(line))?.trim()).toBe(`2 ${told}`);
  expect(lines.filter((line) => /^\d+ .*Z {2}\w+\.\w+ /.test(line)).length).toBe(8);
  const { id } = Call.parse(JSON.parse(readFileSync(join(folder, 'call.json'), 'utf8')));
  expect(effectsOf(mesh(), id)).toMatchObject([{ attempt: 1, args: { note: 'follow me' } }]);
});

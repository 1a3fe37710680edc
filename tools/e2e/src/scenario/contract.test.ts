import { readFileSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import { z } from 'zod';
import { carryOut, groundOf } from '../contract/ground.ts';
import { call } from '../mesh/api.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { inputFor, objectsFor, subjects } from '../operation/subject.ts';
import { proves } from '../proves.ts';

const mesh = useMesh({ XEM_WEBHOOK_ALLOW_PRIVATE: 'true' });

const CHECKED_IN = new URL('../../../../docs/reference/openapi.json', import.meta.url);
const Document = z.looseObject({ info: z.looseObject({ version: z.string() }) });

proves('contract.document', 'what /openapi.json answers is the file in the repository', async () => {
  const served = await call(mesh(), { path: '/openapi.json', as: null });
  const { info } = Document.parse(served.body);
  const written = Document.parse(JSON.parse(readFileSync(CHECKED_IN, 'utf8')));
  expect(served.body).toEqual({ ...written, info: { ...written.info, version: info.version } });
});

for (const subject of subjects().filter(({ row }) => row.elsewhere === undefined)) {
  const { id } = subject.operation;
  proves('contract.answers', id, async () => {
    const input = inputFor(subject, await objectsFor(subject, groundOf(mesh(), onTestFinished)));
    const { status, body } = await carryOut(mesh(), id, { input });
    expect([200, 201, 202], `${id}: ${JSON.stringify(body)}`).toContain(status);
  });
}

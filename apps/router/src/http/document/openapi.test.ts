import { statusesOf } from '@xem/errors';
import { OPERATIONS } from '@xem/protocol';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { inHttpWorld } from '../../testing/http-world.ts';
import { openApiDocument } from './openapi.ts';

const Document = z.object({
  openapi: z.string(),
  servers: z.array(z.object({ url: z.string() })),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) }),
    ),
  ),
});

const described = () => Document.parse(openApiDocument('0.1.0'));

test('the document describes every operation once, under its own path and method', () => {
  const { paths } = described();
  for (const { id, method, path } of OPERATIONS) {
    const template = path.replaceAll(/:(\w+)/g, '{$1}');
    expect(paths[template]?.[method.toLowerCase()]?.operationId).toBe(id);
  }
  const count = Object.values(paths).flatMap((methods) => Object.keys(methods)).length;
  expect(count).toBe(OPERATIONS.length);
});

test('the document has an answer for the status of every error an operation declares', () => {
  const operations = Object.values(described().paths).flatMap((methods) => Object.values(methods));
  for (const { id, errors } of OPERATIONS) {
    const { responses = {} } = operations.find(({ operationId }) => operationId === id) ?? {};
    for (const status of errors.flatMap(statusesOf)) expect(Object.keys(responses)).toContain(String(status));
  }
});

test('both mounts are servers of the document', () => {
  expect(described().servers.map(({ url }) => url)).toEqual(['/v1', '/{project_id}/v1']);
});

test('/openapi.json and /docs are open to everybody and load nothing from elsewhere', () =>
  inHttpWorld(async ({ call }) => {
    const document = await call('GET /openapi.json', { key: '' });
    expect(Document.parse(await document.json())).toEqual(described());
    const page = await (await call('GET /docs', { key: '' })).text();
    for (const { id } of OPERATIONS) expect(page).toContain(`id="${id}"`);
    expect(page).not.toMatch(/https?:\/\/|<script/);
  }));

test('every component of the document is referred to', () => {
  const { components, ...rest } = Document.extend({
    components: z.object({
      schemas: z.record(z.string(), z.unknown()),
      headers: z.record(z.string(), z.unknown()),
      examples: z.record(z.string(), z.unknown()),
    }),
  })
    .loose()
    .parse(openApiDocument('0.1.0'));
  const text = JSON.stringify([rest, components.schemas]);
  const all = Object.entries(components).flatMap(([kind, members]) =>
    Object.keys(members).map((name) => `#/components/${kind}/${name}`),
  );
  expect(all.filter((reference) => !text.includes(`"${reference}"`))).toEqual([]);
});

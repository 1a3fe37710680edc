import { readFileSync } from 'node:fs';
import { ERROR_CATALOG, ERROR_CODES } from '@xem/errors';
import { PAYLOAD_BYTES_MAX } from '@xem/mesh';
import { SAMPLE_CLAIMS, SAMPLE_HASHED, sampleFrame } from '@xem/mesh/testing';
import {
  canonicalJson,
  CREDIT_WINDOW_BYTES,
  FRAME_BYTES_MAX,
  FRAME_DEPTH_MAX,
  hashJson,
  isFrameKind,
  LAST_REFUSALS,
  MANIFEST_BYTES_MAX,
  MANIFEST_TOOLS_MAX,
  PASSING_REFUSALS,
  PROTOCOL_VERSION,
} from '@xem/protocol';
import { codes, page } from '../../markdown.ts';
import { deepFieldsTable } from '../fields.ts';
import { schemaNamed } from './schemas.ts';

const DOCUMENT = new URL('document.md', import.meta.url);

const NUMBERS: Readonly<Record<string, string>> = {
  version: `${PROTOCOL_VERSION}`,
  frame: `${FRAME_BYTES_MAX} bytes`,
  depth: `${FRAME_DEPTH_MAX}`,
  payload: `${PAYLOAD_BYTES_MAX} bytes`,
  credit: `${CREDIT_WINDOW_BYTES}`,
  manifest: `${MANIFEST_BYTES_MAX}`,
  tools: `${MANIFEST_TOOLS_MAX}`,
};

const CODES: Readonly<Record<string, () => string>> = {
  enrollment: () => codes(ERROR_CODES.filter((code) => ERROR_CATALOG[code].surface === 'enrollment')),
  passing: () => codes(PASSING_REFUSALS),
  last: () => codes(LAST_REFUSALS),
};

const found = <Value>(value: Value | undefined | null, name: string): Value => {
  if (value !== undefined && value !== null) return value;
  throw new Error(`the document of the wire names ${name}, and there is no such thing`);
};

/** Bytes have no JSON form: they are shown by their length. */
const showBytes = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? `<${value.byteLength} bytes>` : value;

/** Buffers would turn into JSON by themselves before anybody is asked. */
const plain = (body: object): object =>
  Object.fromEntries(
    Object.entries(body).map(([name, value]: [string, unknown]) => [name, showBytes(name, value)]),
  );

const fenced = (word: string, text: string): string => `\`\`\`${word}\n${text}\n\`\`\``;

/** What has a table of its own in the document. */
const APART: ReadonlySet<string> = new Set(['host', 'tools', 'approval', 'stdout', 'stderr']);

const fields = (name: string): string => found(deepFieldsTable(schemaNamed(name), APART), name);

function frame(kind: string): string {
  if (!isFrameKind(kind)) throw new Error(`the document of the wire names a frame ${kind}`);
  const { body, payload } = sampleFrame(kind);
  const example = fenced('json', JSON.stringify(plain(body), null, 2));
  const after = payload ? `\n\nand a payload of ${payload.byteLength} bytes.` : '';
  const table = deepFieldsTable(schemaNamed(kind), APART);
  const head = `**\`${kind}\`**`;
  return [head, table, `${example}${after}`].filter((block) => block !== null).join('\n\n');
}

const claim = (name: string): string =>
  fenced('json', JSON.stringify(found(SAMPLE_CLAIMS[name], name).claim, null, 2));

function hash(name: string): string {
  const value = found(SAMPLE_HASHED[name], name);
  const sum = hashJson(value);
  return `${fenced('json', canonicalJson(value))}\n\nhashes to \`${sum}\`.`;
}

const MAKERS: Readonly<Record<string, (name: string) => string>> = {
  fields,
  frame,
  claim,
  hash,
  number: (name) => found(NUMBERS[name], name),
  codes: (name) => found(CODES[name], name)(),
};

/** The document from which an agent can be written: its words, with what the tables say in their places. */
export function wirePage(): string {
  const words = readFileSync(DOCUMENT, 'utf8').trim();
  const text = words.replaceAll(/\{\{(\w+):(\w+)\}\}/g, (_, maker: string, name: string) =>
    found(MAKERS[maker], maker)(name),
  );
  return page('The wire', [text]);
}

import { gzipSync } from 'node:zlib';

/** A request that is not as HTTP, or not as we, would have it. */
interface Malformed {
  readonly method?: string;
  /** In the place of the path. */
  readonly target?: (path: string) => string;
  readonly version?: string;
  /** Lines of the head, without those that are usual. */
  readonly lines?: readonly string[];
  readonly withoutHost?: true;
  readonly body?: Buffer | string;
  /** The client ends its side of the connection after that. */
  readonly hangsUp?: true;
  /** It may succeed: it is odd and not wrong, or it is wrong in what a route does not read. */
  readonly isOdd?: true;
}

const CHUNKED = 'transfer-encoding: chunked';
const JSON_TYPE = 'content-type: application/json';
const zipped = gzipSync('{}');

/** Ways to be malformed, by what they are. */
export const MALFORMED: Readonly<Record<string, Malformed>> = {
  HEAD: { method: 'HEAD', isOdd: true },
  'HEAD with a body': { method: 'HEAD', lines: ['content-length: 2'], body: '{}', isOdd: true },
  OPTIONS: { method: 'OPTIONS' },
  'OPTIONS of everything': { method: 'OPTIONS', target: () => '*' },
  'OPTIONS as a browser asks': {
    method: 'OPTIONS',
    lines: ['origin: https://elsewhere.example', 'access-control-request-method: POST'],
  },
  TRACE: { method: 'TRACE' },
  PROPFIND: { method: 'PROPFIND' },
  CONNECT: { method: 'CONNECT', target: () => 'elsewhere.example:443', hangsUp: true },
  'a method nobody knows': { method: 'BREW' },
  'a method in small letters': { method: 'get' },
  'a body in chunks': { lines: [JSON_TYPE, CHUNKED], body: '2\r\n{}\r\n0\r\n\r\n', isOdd: true },
  'chunks with extensions and trailers': {
    lines: [JSON_TYPE, CHUNKED],
    body: '1;a=b\r\n{\r\n1\r\n}\r\n0\r\nx-late: 1\r\n\r\n',
    isOdd: true,
  },
  'a chunk of no size': { lines: [JSON_TYPE, CHUNKED], body: 'zz\r\n{}\r\n0\r\n\r\n' },
  'a chunk of too great a size': { lines: [JSON_TYPE, CHUNKED], body: `${'f'.repeat(20)}\r\n{}` },
  'chunks without an end': { lines: [JSON_TYPE, CHUNKED], body: '2\r\n{}\r\n', hangsUp: true, isOdd: true },
  'chunks and a length': {
    lines: [JSON_TYPE, CHUNKED, 'content-length: 2'],
    body: '2\r\n{}\r\n0\r\n\r\n',
  },
  'two lengths': { lines: [JSON_TYPE, 'content-length: 2', 'content-length: 3'], body: '{}' },
  'one length twice': { lines: [JSON_TYPE, 'content-length: 2', 'content-length: 2'], body: '{}' },
  'two lengths in one': { lines: [JSON_TYPE, 'content-length: 2, 2'], body: '{}' },
  'a length below zero': { lines: [JSON_TYPE, 'content-length: -1'], body: '{}' },
  'a length that is no number': { lines: [JSON_TYPE, 'content-length: 0x2'], body: '{}' },
  'a length beyond all numbers': { lines: [JSON_TYPE, `content-length: ${'9'.repeat(30)}`], body: '{}' },
  'a length beyond the limit': { lines: [JSON_TYPE, 'content-length: 999999999'], body: '{}' },
  'less than the length': {
    lines: [JSON_TYPE, 'content-length: 10'],
    body: '{}',
    hangsUp: true,
    isOdd: true,
  },
  'an encoding of the transfer': { lines: [JSON_TYPE, 'transfer-encoding: gzip'], body: '{}' },
  'two encodings of the transfer': {
    lines: [JSON_TYPE, 'transfer-encoding: gzip, chunked'],
    body: '2\r\n{}\r\n0\r\n\r\n',
    isOdd: true,
  },
  'a zipped body': {
    lines: [JSON_TYPE, 'content-encoding: gzip', `content-length: ${zipped.length}`],
    body: zipped,
    isOdd: true,
  },
  'a zipped body that does not say so': {
    lines: [JSON_TYPE, `content-length: ${zipped.length}`],
    body: zipped,
    isOdd: true,
  },
  'a target with a host': { target: (path) => `http://router.example${path}`, isOdd: true },
  'a target with a scheme nobody knows': { target: (path) => `gopher://router.example${path}`, isOdd: true },
  'a target with two slashes': { target: (path) => `/${path}` },
  'a target with a fragment': { target: (path) => `${path}#here`, isOdd: true },
  'a target with a blank': { target: (path) => `${path} more` },
  'a target with a raw byte': { target: (path) => `${path}\xff` },
  'a target that is broken': { target: (path) => `${path}/%zz` },
  'a target without end': { target: (path) => `${path}?${'a'.repeat(40_000)}` },
  'no host': { withoutHost: true, isOdd: true },
  'two hosts': { lines: ['host: elsewhere.example'], isOdd: true },
  'a host that is none': { withoutHost: true, lines: ['host: a b/c'], isOdd: true },
  'a header without a colon': { lines: ['nothing'] },
  'a header without a name': { lines: [': nothing'] },
  'a header with a blank in its name': { lines: ['x y: nothing'] },
  'a header with a zero byte': { lines: ['x-odd: a\0b'] },
  'a header that goes on': { lines: ['x-odd: a', ' b'] },
  'a header without end': { lines: [`x-odd: ${'a'.repeat(40_000)}`] },
  'headers without end': { lines: Array.from({ length: 2500 }, (_, nth) => `x-${nth}: 1`), isOdd: true },
  'a key given twice': { lines: ['authorization: Bearer x', 'authorization: Bearer y'], isOdd: true },
  'a type nobody reads': {
    lines: ['content-type: text/plain', 'content-length: 2'],
    body: '{}',
    isOdd: true,
  },
  'something to switch to': { lines: ['connection: upgrade', 'upgrade: websocket'], isOdd: true },
  'an expectation': {
    lines: [JSON_TYPE, 'expect: 100-continue', 'content-length: 2'],
    body: '{}',
    isOdd: true,
  },
  'an expectation nobody meets': { lines: ['expect: miracles'], isOdd: true },
  'HTTP/1.0': { version: 'HTTP/1.0', isOdd: true },
  'HTTP/2.0': { version: 'HTTP/2.0', isOdd: true },
  'no version': { version: '', isOdd: true },
};

/** Writes a malformed request for a route, with a key. */
export function malformedBytes(
  { method, target, version = 'HTTP/1.1', lines = [], withoutHost, body = '' }: Malformed,
  route: { readonly method: string; readonly path: string; readonly key: string },
): Buffer {
  const usual = [...(withoutHost ? [] : ['host: router.example']), 'connection: close'];
  const hasKey = lines.some((line) => line.startsWith('authorization'));
  const head = [
    `${method ?? route.method} ${target?.(route.path) ?? route.path} ${version}`.trimEnd(),
    ...usual,
    ...(hasKey ? [] : [`authorization: Bearer ${route.key}`]),
    ...lines,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

import fc from 'fast-check';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Values that no schema asks for. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, 2 ** 53, '', [], {}, [[]]),
  fc.constantFrom('\u0000', '\ud800', 'a\udfffb', '\u202e', '__proto__', '../../etc/passwd', "' OR 1=1 --"),
  fc.constantFrom(JSON.parse('{"__proto__":{"admin":true}}'), { constructor: { prototype: {} } }),
  fc.nat({ max: 20_000 }).map((length) => 'x'.repeat(length)),
  fc.nat({ max: 400 }).map((depth): unknown => JSON.parse(nested(depth + 1))),
  fc.string({ unit: 'binary', maxLength: 64 }),
  fc.jsonValue({ maxDepth: 5 }),
);

/** Names that no schema has. */
export const oddName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'project_id', 'id', 'limit', 'Ⅷ', '\u0000'),
  fc.string({ maxLength: 16 }),
);

/** Bodies that are no JSON object, or not as one writes them. */
export const oddBody: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom('', ' ', 'null', '[]', '"x"', '0', '{', '{}}', '{"a":1,"a":2}', '{"__proto__":{"a":1}}')
    .map((text) => Buffer.from(text)),
  fc
    .constantFrom(nested(50_000), `{"args":${nested(2000)}}`, '\ufeff{}', '{"a":1e999}', '{"a":"\\ud800"}')
    .map((text) => Buffer.from(text)),
  fc.constantFrom(Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a])),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom(700_000, 1_048_577, 3_000_000)
    .map((length) => Buffer.from(`{"args":{"text":"${'x'.repeat(length)}"}}`)),
);

/** Pieces of a query that are none, or come twice. */
export const oddQuery: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('limit=1&limit=2', 'limit=-1', 'limit=1e9', 'limit=', 'after=x', '__proto__=1', '%00=%00'),
  fc.constantFrom('%zz=%', '&&&=', 'a[]=1', 'status=%F0%9F%92%A9', 'q=%ED%A0%80', 'limit=1;drop', '?'),
  fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .map((text) => `q=${encodeURIComponent(text.toWellFormed())}`),
);

/** Pieces of a path that no id has the form of. */
export const oddSegment: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('..', '.', '%2e%2e', '%00', '%2f', '%ff', '%E0%A4%A', '__proto__', 'default', '0', '%20'),
  fc.nat({ max: 6000 }).map((length) => 'a'.repeat(length + 1)),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map((text) => encodeURIComponent(text.toWellFormed())),
);

const printable = fc.string({
  unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCodePoint(code)),
  maxLength: 80,
});

/** Headers that a client may well send, right and wrong. */
export const oddHeader: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  fc
    .constantFrom(
      'text/plain',
      'application/json; charset=utf-16',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      'application/json, text/html',
      '/',
    )
    .map((type) => ['content-type', type] as const),
  fc
    .constantFrom('wait=0', 'wait=-1', 'respond-async, wait=1', 'wait=1;', 'wait=', 'wait')
    .map((value) => ['prefer', value] as const),
  fc
    .constantFrom('bytes=0-0', 'bytes=5-1', 'bytes=-0', 'bytes=999999999-', 'bytes=0-1,3-4', 'lines=1')
    .map((value) => ['range', value] as const),
  fc
    .constantFrom('0', '1.1.1.1', '-1', '99999999999999', 'x', '1.2.3')
    .map((value) => ['last-event-id', value] as const),
  fc.constantFrom('cli', 'mcp', 'console', 'god').map((value) => ['x-xem-surface', value] as const),
  fc.constantFrom('100-continue', 'miracles').map((value) => ['expect', value] as const),
  fc.constantFrom('gzip', 'br').map((value) => ['content-encoding', value] as const),
  fc.constantFrom('GET', 'DELETE').map((value) => ['x-http-method-override', value] as const),
  fc
    .tuple(
      fc.constantFrom(
        'idempotency-key',
        'x-request-id',
        'traceparent',
        'if-none-match',
        'accept',
        'cookie',
        'origin',
      ),
      printable,
    )
    .map(([name, value]) => [name, value] as const),
);

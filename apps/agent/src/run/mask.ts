/** Bytes from `start` up to `end`, which is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Finds secrets in bytes. A byte is covered when some occurrence of some secret holds it. */
export interface Mask {
  /** The secrets it was made of. */
  readonly values: readonly string[];
  /** How far an occurrence can reach back or ahead of one byte: the longest secret less one. */
  readonly reach: number;
  /** Merged spans, in order, of what secrets cover. */
  cover(raw: Buffer): Span[];
  /** Where the longest end of `raw` starts that more bytes could make a secret of; its length when there is none. */
  openFrom(raw: Buffer): number;
}

/** A shorter value is no secret: masking `true` or `eu` would only ruin output. */
const SECRET_CHARS_MIN = 6;

/** A secret is looked for by its first four bytes, hashed so that one step takes a byte in and drops the oldest. */
const GRAM_BYTES = 4;
const GRAM_SHIFT = 4;
const GRAMS = 2 ** (GRAM_BYTES * GRAM_SHIFT);

/** A mask that covers nothing. */
export const NO_MASK: Mask = { values: [], reach: 0, cover: () => [], openFrom: (raw) => raw.length };

const step = (gram: number, byte: number): number => ((gram << GRAM_SHIFT) ^ byte) & (GRAMS - 1);

const gramAt = (raw: Buffer, at: number): number => raw.subarray(at, at + GRAM_BYTES).reduce(step, 0);

const startsAt = (raw: Buffer, at: number, secret: Buffer): boolean =>
  at + secret.length <= raw.length && raw.compare(secret, 0, secret.length, at, at + secret.length) === 0;

const opensAt = (raw: Buffer, at: number, secret: Buffer): boolean =>
  raw.length - at < secret.length && raw.compare(secret, 0, raw.length - at, at) === 0;

/** Adds a span that starts no earlier than the ones before it. */
function extend(spans: Span[], start: number, end: number): void {
  const last = spans.at(-1);
  if (!last || start > last.end) spans.push({ start, end });
  else if (end > last.end) spans[spans.length - 1] = { start: last.start, end };
}

/** The forms in which tools print a secret: as it is, each line of it, and as JSON writes it. */
function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return [value, ...lines].flatMap((form) => [form, JSON.stringify(form).slice(1, -1)]);
}

/**
 * A mask for these values, each line of theirs, and what JSON makes of them; other codings of a secret, such as base64,
 * are not known. What has under 6 characters is left out. Its cost does not grow with their number.
 */
export function createMask(values: Iterable<string>): Mask {
  const given = [...new Set(values)];
  const secrets = [...new Set(given.flatMap(formsOf))]
    .filter((value) => value.trim().length >= SECRET_CHARS_MIN)
    .map((value) => Buffer.from(value));
  if (secrets.length === 0) return NO_MASK;
  const byGram = Map.groupBy(secrets, (secret) => gramAt(secret, 0));
  const known = new Uint8Array(GRAMS);
  for (const gram of byGram.keys()) known[gram] = 1;
  const reach = Math.max(...secrets.map((secret) => secret.length)) - 1;
  const cover = (raw: Buffer): Span[] => {
    const spans: Span[] = [];
    let gram = 0;
    for (let at = 0; at < raw.length; at++) {
      gram = step(gram, raw[at] ?? 0);
      if (known[gram] !== 1) continue;
      const start = at + 1 - GRAM_BYTES;
      const found = byGram.get(gram)?.filter((secret) => start >= 0 && startsAt(raw, start, secret)) ?? [];
      for (const secret of found) extend(spans, start, start + secret.length);
    }
    return spans;
  };
  const openFrom = (raw: Buffer): number => {
    for (let at = Math.max(0, raw.length - reach); at < raw.length; at++) {
      const candidates = raw.length - at < GRAM_BYTES ? secrets : byGram.get(gramAt(raw, at));
      if (candidates?.some((secret) => opensAt(raw, at, secret))) return at;
    }
    return raw.length;
  };
  return { values: given, reach, cover, openFrom };
}

/** How many bytes between `from` and `to` the spans cover. */
export function coveredBytes(spans: readonly Span[], from: number, to: number): number {
  let bytes = 0;
  for (const { start, end } of spans) bytes += Math.max(0, Math.min(end, to) - Math.max(start, from));
  return bytes;
}

/** Writes `*` over the spans, in place. */
export function blot(raw: Buffer, spans: readonly Span[]): void {
  for (const { start, end } of spans) raw.fill('*', start, end);
}

/**
 * What is covered in the last bytes of a stream. Where it was cut the start of a secret is covered too: the rest of it
 * may be what was cut off.
 */
export function finalSpans(mask: Mask, raw: Buffer, isCut: boolean): Span[] {
  const spans = mask.cover(raw);
  const openFrom = isCut ? mask.openFrom(raw) : raw.length;
  if (openFrom === raw.length) return spans;
  const before = spans.filter(({ start }) => start < openFrom);
  extend(before, openFrom, raw.length);
  return before;
}

/** A text with `*` over every secret. */
export function maskText(mask: Mask, text: string): string {
  const bytes = Buffer.from(text);
  blot(bytes, mask.cover(bytes));
  return bytes.toString();
}

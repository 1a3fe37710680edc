import { ExecError } from '@xem/errors';
import type { Args } from '../../bundle/parameters.ts';

/** What the placeholders of a call stand for. */
export interface CallValues {
  readonly args: Args;
  readonly credentials: Readonly<Record<string, string>>;
}

/** What a template may name. */
export interface TextRules {
  /** Arguments that the tool's schema declares. */
  readonly declared: ReadonlySet<string>;
  /** Those of them that every call has, by `required` or by a default. */
  readonly sure: ReadonlySet<string>;
}

type Piece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'arg' | 'credential'; readonly name: string };

/** A text with placeholders: `{argument}` and `{credential:NAME}`. */
export interface TextTemplate {
  readonly pieces: readonly Piece[];
  /** The argument that is the whole text; null when there is more to it. */
  readonly whole: string | null;
  readonly hasCredential: boolean;
}

/** Makes of a value what may stand in its place. Throws `URIError` for text that is no Unicode. */
type Encode = (value: string) => string;

const PLACEHOLDER = /\{(?:(credential):)?([A-Za-z_][A-Za-z0-9_]*)\}/g;

export const refuse = (name: string, why: string): never => {
  throw new ExecError('agent_refused', `argument "${name}" ${why}`, { param: `/args/${name}` });
};

/** Takes a text apart. */
export function parseText(text: string): TextTemplate {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [all, credential, name = ''] = match;
    if (match.index > at) pieces.push({ kind: 'literal', text: text.slice(at, match.index) });
    pieces.push({ kind: credential ? 'credential' : 'arg', name });
    at = match.index + all.length;
  }
  if (at < text.length) pieces.push({ kind: 'literal', text: text.slice(at) });
  const [first] = pieces;
  const whole = pieces.length === 1 && first?.kind === 'arg' ? first.name : null;
  return { pieces, whole, hasCredential: pieces.some(({ kind }) => kind === 'credential') };
}

/** What is wrong with the arguments that a text names; null when nothing is. */
export function faultOf(
  text: TextTemplate,
  { declared, sure }: TextRules,
  mayBeAbsent = false,
): string | null {
  for (const piece of text.pieces) {
    if (piece.kind !== 'arg') continue;
    if (!declared.has(piece.name)) return `{${piece.name}} is no argument that \`parameters\` declares`;
    if (!sure.has(piece.name) && !(mayBeAbsent && text.whole !== null))
      return `{${piece.name}} may be absent: require it, give it a default, or let it be the whole of an optional value`;
  }
  return null;
}

const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** The value of an argument as text; refuses what is none. @throws agent_refused */
export function scalarOf({ args }: CallValues, name: string): string {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  return isScalar(value)
    ? String(value)
    : refuse(name, value === undefined ? 'is missing' : 'is no single value');
}

function encoded(name: string, value: string, encode: Encode): string {
  try {
    return encode(value);
  } catch (err) {
    if (err instanceof URIError) return refuse(name, 'is no Unicode text');
    throw err;
  }
}

function credentialOf({ credentials }: CallValues, name: string): string {
  const value = Object.hasOwn(credentials, name) ? credentials[name] : undefined;
  if (value !== undefined) return value;
  throw new ExecError('agent_refused', `the credentials of this workspace have no ${name}`);
}

/** Puts the values of a call into a text, each encoded for its place. @throws agent_refused */
export function fillText({ pieces }: TextTemplate, values: CallValues, encode: Encode): string {
  const words = pieces.map((piece) => {
    if (piece.kind === 'literal') return piece.text;
    if (piece.kind === 'credential') return credentialOf(values, piece.name);
    return encoded(piece.name, scalarOf(values, piece.name), encode);
  });
  return words.join('');
}

/** The texts of a value that may be absent or a list, each encoded; none when it is absent, false or null. */
export function listOf({ args }: CallValues, name: string, encode: Encode): string[] {
  const value = Object.hasOwn(args, name) ? args[name] : undefined;
  if (value === undefined || value === null) return [];
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) =>
    isScalar(item) ? encoded(name, String(item), encode) : refuse(name, 'is no list of single values'),
  );
}

import { ExecError } from '@xem/errors';
import type { TemplateFault } from '../template.ts';
import {
  faultOf,
  fillText,
  parseText,
  refuse,
  scalarOf,
  type CallValues,
  type TextRules,
  type TextTemplate,
} from './text.ts';

/** A header of a request; a secret one goes to the first host only. */
export interface Header {
  readonly name: string;
  readonly value: string;
  readonly isSecret: boolean;
}

/** Builds the headers of a call. @throws agent_refused for a value that no header can hold */
export type HeaderTemplate = (values: CallValues) => Header[];

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PRINTABLE = /^[\t\u0020-\u007E]*$/;

/** Headers that frame the message or choose the server: not for a template. */
const OWN = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function nameFault(name: string, earlier: readonly string[]): string | null {
  if (!TOKEN.test(name)) return 'is no name of a header';
  if (OWN.has(name.toLowerCase())) return 'is set by the agent alone';
  return earlier.some((other) => other.toLowerCase() === name.toLowerCase()) ? 'is there twice' : null;
}

const literalFault = ({ pieces }: TextTemplate): string | null =>
  pieces.every((piece) => piece.kind !== 'literal' || PRINTABLE.test(piece.text))
    ? null
    : 'holds characters that no header can';

function fillHeader(name: string, text: TextTemplate, values: CallValues): Header[] {
  const { whole, hasCredential: isSecret } = text;
  if (whole !== null && (values.args[whole] ?? null) === null) return [];
  for (const piece of text.pieces) {
    const isSound = piece.kind !== 'arg' || PRINTABLE.test(scalarOf(values, piece.name));
    if (!isSound && 'name' in piece) refuse(piece.name, 'holds characters that no header can');
  }
  const value = fillText(text, values, (word) => word);
  if (PRINTABLE.test(value)) return [{ name, value, isSecret }];
  throw new ExecError('agent_refused', `a credential holds characters that the header ${name} cannot`);
}

/** Compiles headers, or tells what is wrong. */
export function compileHeaders(
  headers: Readonly<Record<string, string>>,
  rules: TextRules,
): HeaderTemplate | TemplateFault[] {
  const named = Object.entries(headers).map(([name, text]) => ({ name, text: parseText(text) }));
  const names = named.map(({ name }) => name);
  const faults = named.flatMap(({ name, text }, index) => {
    const message =
      nameFault(name, names.slice(0, index)) ?? literalFault(text) ?? faultOf(text, rules, true);
    return message ? [{ at: ['headers', name], message }] : [];
  });
  if (faults.length > 0) return faults;
  return (values) => named.flatMap(({ name, text }) => fillHeader(name, text, values));
}

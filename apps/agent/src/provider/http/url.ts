import { ExecError } from '@xem/errors';
import type { TemplateFault } from '../template.ts';
import type { Hosts } from './hosts.ts';
import {
  faultOf,
  fillText,
  listOf,
  parseText,
  refuse,
  type CallValues,
  type TextRules,
  type TextTemplate,
} from './text.ts';

/** Scheme and host are literal; what follows is a path. */
const SHAPE = /^(https?:\/\/[^/?#{}\\\s@]+)(\/[^?#]*)$/;

/** The place of a tool's requests. */
export interface UrlTemplate {
  /** The URL of a call. @throws agent_refused when a value would make another path of it */
  fill(values: CallValues): URL;
}

/** A query: names, and the values they get. */
type QueryTemplate = readonly (readonly [string, TextTemplate])[];

interface UrlParts {
  readonly url: string;
  readonly query: Readonly<Record<string, string | number | boolean>>;
}

interface UrlRules extends TextRules {
  readonly hosts: Hosts;
}

const STAND_IN = 'x';

/** A path as URL parsers leave it alone: no dots to be resolved, nothing to be escaped. */
const isPlain = (origin: string, path: string): boolean => URL.parse(origin + path)?.pathname === path;

function shapeFault(parts: RegExpExecArray | null, hosts: Hosts): string | null {
  const [, origin = '', path = ''] = parts ?? [];
  const url = URL.parse(origin);
  if (!url || !parts)
    return 'must be http(s)://host/path; placeholders stand in the path, the query in `query`';
  if (!hosts.allows(url)) return `${url.host} is none of the bundle's \`hosts\``;
  const literal = path.replaceAll(/\{[^{}]*\}/g, STAND_IN);
  return isPlain(origin, literal) ? null : 'has a path that must be escaped or has dots';
}

const credentialFault = (text: TextTemplate): string | null =>
  text.hasCredential ? 'credentials belong into headers' : null;

function pathFault(segments: readonly TextTemplate[], rules: TextRules): string | null {
  for (const segment of segments) {
    const fault = credentialFault(segment) ?? faultOf(segment, rules);
    if (fault) return fault;
  }
  return null;
}

function fillSegment(segment: TextTemplate, values: CallValues): string {
  const filled = fillText(segment, values, encodeURIComponent);
  const [named] = segment.pieces.flatMap((piece) => (piece.kind === 'arg' ? piece.name : []));
  if (named !== undefined && (filled === '' || !isPlain('http://x', `/${filled}`)))
    return refuse(named, 'would make another path');
  return filled;
}

const queryOf = (query: QueryTemplate, values: CallValues): string =>
  query
    .flatMap(([name, text]) => {
      const words =
        text.whole === null
          ? [fillText(text, values, encodeURIComponent)]
          : listOf(values, text.whole, encodeURIComponent);
      return words.map((word) => `${encodeURIComponent(name)}=${word}`);
    })
    .join('&');

/** Compiles where a tool's requests go, or tells what is wrong. */
export function compileUrl({ url, query }: UrlParts, rules: UrlRules): UrlTemplate | TemplateFault[] {
  const parts = SHAPE.exec(url);
  const [, origin = '', path = ''] = parts ?? [];
  const segments = path.split('/').map(parseText);
  const named: QueryTemplate = Object.entries(query).map(([name, text]) => [name, parseText(String(text))]);
  const urlFault = shapeFault(parts, rules.hosts) ?? pathFault(segments, rules);
  const faults: TemplateFault[] = urlFault ? [{ at: ['url'], message: urlFault }] : [];
  for (const [name, text] of named) {
    const message = credentialFault(text) ?? faultOf(text, rules, true);
    if (message) faults.push({ at: ['query', name], message });
  }
  if (faults.length > 0) return faults;
  return {
    fill: (values: CallValues): URL => {
      const filled = segments.map((segment) => fillSegment(segment, values)).join('/');
      const search = queryOf(named, values);
      const whole = URL.parse(origin + filled + (search === '' ? '' : `?${search}`));
      if (whole && rules.hosts.allows(whole) && whole.pathname === filled) return whole;
      throw new ExecError('agent_refused', 'the arguments would make another URL');
    },
  };
}

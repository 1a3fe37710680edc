import { isInRanges, plainAddress, readRanges, type AddressRange } from '@xem/domain';
import type { HttpContext } from '../edge.ts';

/** Which proxies are believed about where a request came from, and in which header they say it. */
export interface TrustedProxies {
  readonly ranges: readonly string[];
  readonly header: 'x-forwarded-for' | 'forwarded';
}

/** The address in a node's name: bare, in brackets, with a port or without; undefined when it is none. */
function readNode(word: string): string | undefined {
  const [, inBrackets, dotted] = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/.exec(word) ?? [];
  return plainAddress(inBrackets ?? dotted ?? word);
}

/** Where the quoted string opens that closes at `at`; -1 when it does not. */
function openingQuote(value: string, at: number): number {
  for (let open = value.lastIndexOf('"', at - 1); open !== -1; open = value.lastIndexOf('"', open - 1)) {
    let before = open - 1;
    while (value[before] === '\\') before--;
    if ((open - before) % 2 === 1 || open === 0) return open;
  }
  return -1;
}

/**
 * The parts of a value between its separators, outside of quoted strings. It is read from its end, where the nearest
 * proxy wrote: a quote that a client leaves open before that swallows none of what proxies say.
 */
function partsOf(value: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = [];
  let end = value.length;
  for (let at = end - 1; at >= 0; at--) {
    if (value[at] === '"') at = openingQuote(value, at);
    else if (value[at] === separator) {
      parts.push(value.slice(at + 1, end));
      end = at;
    }
  }
  parts.push(value.slice(0, end));
  return parts.filter((part) => part.trim() !== '').toReversed();
}

const FOR = /^\s*for\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))\s*$/i;

function readForwarded(element: string): string | undefined {
  const found = partsOf(element, ';').flatMap((part) => FOR.exec(part) ?? []);
  const [, quoted, token] = found;
  return readNode(quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? '');
}

const HOPS = {
  'x-forwarded-for': (value: string) => value.split(',').map((word) => readNode(word.trim())),
  forwarded: (value: string) => partsOf(value, ',').map(readForwarded),
} as const;

/** The last hop that no trusted proxy vouches for: what came before it is the sender's own word. */
function walk(
  nearest: string | undefined,
  hops: readonly (string | undefined)[],
  trusted: readonly AddressRange[],
): string | undefined {
  let address = nearest;
  for (const hop of hops.toReversed()) {
    if (!isInRanges(address, trusted)) break;
    address = hop;
  }
  return address;
}

function socketAddress(c: HttpContext): string | undefined {
  const address = c.env?.incoming?.socket.remoteAddress;
  return address === undefined ? undefined : plainAddress(address);
}

/**
 * Makes what tells where a request came from: its socket, or what a trusted proxy says of it. One that no proxy can
 * name is undefined, and in nobody's list.
 */
export function addressReader({ ranges, header }: TrustedProxies): (c: HttpContext) => string | undefined {
  if (ranges.length === 0) return socketAddress;
  const trusted = readRanges(ranges);
  return (c) => {
    const nearest = socketAddress(c);
    const value = isInRanges(nearest, trusted) ? c.req.header(header) : undefined;
    return value === undefined ? nearest : walk(nearest, HOPS[header](value), trusted);
  };
}

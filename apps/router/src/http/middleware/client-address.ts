import { BlockList, isIP } from 'node:net';
import type { HttpContext } from '../edge.ts';

/** Which proxies are believed about where a request came from, and in which header they say it. */
export interface TrustedProxies {
  readonly ranges: readonly string[];
  readonly header: 'x-forwarded-for' | 'forwarded';
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** The addresses of some ranges. */
export function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

/** Whether a list has an address. */
export const has = (list: BlockList, address: string | undefined): boolean =>
  address !== undefined && isIP(address) > 0 && list.check(address, familyOf(address));

/** An address without its zone; one of IPv4 that came over a socket of IPv6 is one of IPv4. */
const plain = (address: string | undefined): string | undefined =>
  address?.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** The address in a node's name: bare, in brackets, with a port or without; undefined when it is none. */
function readNode(word: string): string | undefined {
  const [, inBrackets, dotted] = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$/.exec(word) ?? [];
  const address = inBrackets ?? dotted ?? word;
  return isIP(address) > 0 ? plain(address) : undefined;
}

const ELEMENT = /(?:[^,"]|"(?:[^"\\]|\\.)*")+/g;
const FOR = /(?:^|;)\s*for\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i;

function readForwarded(element: string): string | undefined {
  const [, quoted, token] = FOR.exec(element) ?? [];
  return readNode(quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? '');
}

const HOPS = {
  'x-forwarded-for': (value: string) => value.split(',').map((word) => readNode(word.trim())),
  forwarded: (value: string) => (value.match(ELEMENT) ?? []).map(readForwarded),
} as const;

/** The last hop that no trusted proxy vouches for: what came before it is the sender's own word. */
function walk(
  nearest: string | undefined,
  hops: readonly (string | undefined)[],
  trusted: BlockList,
): string | undefined {
  let address = nearest;
  for (const hop of hops.toReversed()) {
    if (!has(trusted, address)) break;
    address = hop;
  }
  return address;
}

const socketAddress = (c: HttpContext): string | undefined => plain(c.env?.incoming?.socket.remoteAddress);

/**
 * Makes what tells where a request came from: its socket, or what a trusted proxy says of it. One that no proxy can
 * name is undefined, and in nobody's list.
 */
export function addressReader({ ranges, header }: TrustedProxies): (c: HttpContext) => string | undefined {
  if (ranges.length === 0) return socketAddress;
  const trusted = listOf(ranges);
  return (c) => {
    const nearest = socketAddress(c);
    const value = has(trusted, nearest) ? c.req.header(header) : undefined;
    return value === undefined ? nearest : walk(nearest, HOPS[header](value), trusted);
  };
}

import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address, with those of IPv4 where IPv6 has them: both stand in one space, `::ffff:10.0.0.1` is `10.0.0.1`. */
type Address = InstanceType<typeof ipaddr.IPv6>;

/** The addresses that share their first bits, of 128, with one. */
export interface AddressRange {
  readonly first: Address;
  readonly bits: number;
}

const WHOLE_BITS = 128;
const MAPPED_BITS = 96;
const NETWORK_GROUPS = 4;

/** What of IPv6 is given out to hosts on the internet. */
const GLOBAL_IPV6: AddressRange = { first: ipaddr.IPv6.parse('2000::'), bits: 3 };

/** The digits of a prefix: `08` and `+8` are none. */
const BITS = /^(?:0|[1-9]\d{0,2})$/;

/** Four numbers at the end of an address of IPv6 as its last two groups: the library reads `::1.2.3.4` as `::ffff:1.2.3.4`. */
const inGroups = (text: string): string =>
  text.replace(/\d+\.\d+\.\d+\.\d+$/, (quad) => {
    const [a = 0, b = 0, c = 0, d = 0] = quad.split('.').map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });

/** An address as it was written; null for every word that is none, as `127.1`, `010.0.0.1` and `8` are. */
function parse(text: string): ReturnType<typeof ipaddr.parse> | null {
  const family = isIP(text);
  if (family === 0) return null;
  const [bare = ''] = text.split('%');
  return family === 4 ? ipaddr.IPv4.parse(bare) : ipaddr.IPv6.parse(inGroups(bare));
}

/** Reads an address, without its zone. */
function readAddress(text: string): Address | null {
  const address = parse(text);
  return address instanceof ipaddr.IPv4 ? address.toIPv4MappedAddress() : address;
}

/** Reads a range, `10.0.0.0/8`, or the one of a single address; null when a word is neither. */
export function readRange(text: string): AddressRange | null {
  const [address = '', prefix, ...more] = text.split('/');
  const first = address.includes('%') ? null : readAddress(address);
  if (first === null || more.length > 0) return null;
  if (prefix === undefined) return { first, bits: WHOLE_BITS };
  const bits = BITS.test(prefix) ? Number(prefix) + (isIP(address) === 4 ? MAPPED_BITS : 0) : Infinity;
  return bits <= WHOLE_BITS ? { first, bits } : null;
}

/** Reads ranges. A word that is none holds no address. */
export const readRanges = (texts: readonly string[]): readonly AddressRange[] =>
  texts.flatMap((text) => readRange(text) ?? []);

/** Whether one of some ranges holds an address; none holds a word that is no address. */
export function isInRanges(text: string | undefined, ranges: readonly AddressRange[]): boolean {
  const address = text === undefined ? null : readAddress(text);
  return address !== null && ranges.some(({ first, bits }) => address.match(first, bits));
}

/** Whether a range lies wholly in another: it is no larger, and begins in it. */
export function isRangeWithin(inner: string, outer: string): boolean {
  const [one, other] = [readRange(inner), readRange(outer)];
  if (one === null || other === null || one.bits < other.bits) return false;
  return one.first.match(other.first, other.bits);
}

/** Whether a word is an address. */
export const isAddress = (text: string): boolean => isIP(text) > 0;

/**
 * Whether the internet routes an address to one host. None is that carries one of IPv4 within one of IPv6, wherever
 * that leads. The library calls every range of IPv6 `unicast` that it has no other word for: `::7f00:1` too.
 */
export function isGlobal(text: string): boolean {
  const address = parse(text);
  if (address?.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6.first, GLOBAL_IPV6.bits);
}

/** The one way to write an address: without its zone, and one of IPv4 as that, however it came. Undefined for no address. */
export function plainAddress(text: string): string | undefined {
  if (isIP(text) === 4) return text;
  const address = readAddress(text);
  return address?.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address?.toString();
}

/** Who has an address has its network: of IPv4 the address alone, of IPv6 the first 64 bits. */
export function networkOf(text: string): string {
  const address = readAddress(text);
  if (address === null || address.isIPv4MappedAddress()) return plainAddress(text) ?? text;
  return new ipaddr.IPv6([...address.parts.slice(0, NETWORK_GROUPS), 0, 0, 0, 0]).toString();
}

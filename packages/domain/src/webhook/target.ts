import { ExecError } from '@xem/errors';
import { isAddress, isGlobal, isInRanges, readRanges } from '../access/address-range.ts';
import type { DomainSettings } from '../context.ts';

/** What an operator lets webhooks reach beside the public internet. */
export type TargetRules = Pick<DomainSettings, 'webhookAllowPrivate' | 'webhookAllowedHosts'>;

/** Below this only the two ports of HTTP: a webhook is no way to talk to mail and other old services. */
const FIRST_FREE_PORT = 1024;
const HTTP_PORTS = new Set(['', '80', '443']);

/** The host of a URL, without the brackets of an IPv6 address and the dot that may end a name. */
export const hostOf = ({ hostname }: URL): string => hostname.replaceAll(/^\[|\]$|\.$/g, '').toLowerCase();

/** Whether the operator named a host: by its name, its address, or a range that holds it. */
export const isNamed = ({ webhookAllowedHosts: words }: TargetRules, host: string): boolean =>
  isAddress(host) ? isInRanges(host, readRanges(words)) : words.some((word) => word.toLowerCase() === host);

/** A host as a URL names it, and the address that is dialled for it. */
interface Dialled {
  readonly host: string;
  readonly address: string;
}

/**
 * Whether webhooks may be sent to an address. Only what the internet routes to one host is open: no loopback, private,
 * link-local, shared or multicast ranges, and none that carries an IPv4 address within an IPv6 one.
 */
export function mayDial(rules: TargetRules, { host, address }: Dialled): boolean {
  if (!isAddress(address)) return false;
  if (rules.webhookAllowPrivate || isNamed(rules, host)) return true;
  return isGlobal(address) || isNamed(rules, address);
}

const isLocalName = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');

const isFreePort = (port: string): boolean => HTTP_PORTS.has(port) || Number(port) >= FIRST_FREE_PORT;

/** Why a URL cannot be a webhook's, as far as it shows in the URL itself; null when it can. */
function faultOf(rules: TargetRules, url: URL): string | null {
  const host = hostOf(url);
  const trusted = rules.webhookAllowPrivate || isNamed(rules, host);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
  if (url.username !== '' || url.password !== '') return 'must hold no user and no password';
  if (trusted) return null;
  if (url.protocol === 'http:') return 'must begin with https://';
  if (!isFreePort(url.port)) return 'must name port 443, or one from 1024 on';
  const closed = isLocalName(host) || (isAddress(host) && !mayDial(rules, { host, address: host }));
  return closed ? 'leads to a private address; an operator of the router can allow it' : null;
}

/** A URL that webhooks may be sent to, without its fragment. The addresses behind its name are judged when it is dialled. @throws ExecError invalid_body */
export function targetOf(rules: TargetRules, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fault = url ? faultOf(rules, url) : 'is no URL';
  if (!url || fault !== null) throw new ExecError('invalid_body', `url ${fault}`, { param: '/url' });
  url.hash = '';
  return url.href;
}

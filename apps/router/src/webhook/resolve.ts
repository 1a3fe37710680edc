import { lookup, Resolver } from 'node:dns/promises';
import { isNamed, type TargetRules } from '@xem/domain';

/** One address of a host. */
export interface HostAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Finds the addresses of a host. */
export type ResolveHost = (host: string) => Promise<readonly HostAddress[]>;

const DNS_TIMEOUT_MS = 2000;
const DNS_TRIES = 2;

const lookUp: ResolveHost = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/**
 * Asks name servers over sockets of its own. The system's look-up takes one of the few threads that files are written
 * with, and a name server that does not answer would hold it: only names that the operator trusts go that way, since
 * they may stand in the hosts file.
 */
export function createResolve(rules: TargetRules): ResolveHost {
  return async (host) => {
    if (rules.webhookAllowPrivate || isNamed(rules, host)) return lookUp(host);
    const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses: HostAddress[] = [];
    if (four.status === 'fulfilled')
      addresses.push(...four.value.map((address) => ({ address, family: 4 as const })));
    if (six.status === 'fulfilled')
      addresses.push(...six.value.map((address) => ({ address, family: 6 as const })));
    return addresses;
  };
}

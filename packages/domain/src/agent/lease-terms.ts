import type { DomainSettings } from '../context.ts';

const RENEWALS_PER_LEASE = 3;

/** How often agents renew their lease, and how long it holds without: three renewals. */
export const leaseTerms = ({ leaseRenewalIntervalMs }: Pick<DomainSettings, 'leaseRenewalIntervalMs'>) => ({
  lease_ttl_ms: RENEWALS_PER_LEASE * leaseRenewalIntervalMs,
  lease_renewal_interval_ms: leaseRenewalIntervalMs,
});

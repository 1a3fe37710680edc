import type { AgentFrame } from '@xem/mesh';
import type { Admission } from '../dispatch/admission.ts';
import type { Attempts } from '../dispatch/attempts.ts';
import type { Publication } from './publication.ts';

/** `in_flight` of a renewal holds at most this many. */
const IN_FLIGHT_MAX = 10_000;

/** What a renewal tells. */
export interface RenewalFacts {
  readonly publication: Publication;
  readonly attempts: Attempts;
  readonly admission: Admission;
  readonly slots: number;
  readonly withManifest: boolean;
  /** Own monotonic time in whole milliseconds; comes back as `echo`. */
  readonly sentAt: number;
  /** Milliseconds from the last renewal to its answer; null before one. */
  readonly roundTripMs: number | null;
}

/** A `lease_renewal`; an agent that stops has no slots. */
export function renewalOf(facts: RenewalFacts): AgentFrame {
  const { publication, attempts, admission, slots, withManifest, sentAt, roundTripMs } = facts;
  const manifest = publication.manifest();
  const body = {
    v: 1 as const,
    manifest_version: manifest.manifest_version,
    manifest_hash: publication.hash(),
    in_flight: [...attempts.all()].slice(0, IN_FLIGHT_MAX).map(({ key }) => key),
    load: { slots: admission.isDraining() ? 0 : slots, in_flight: attempts.inFlight() },
    sent_at: sentAt,
    ...(roundTripMs === null ? {} : { round_trip_ms: roundTripMs }),
  };
  return { kind: 'lease_renewal', body: withManifest ? { ...body, manifest } : body };
}

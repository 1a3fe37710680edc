import { z } from 'zod';
import { HostReport } from '../entity/manifest.ts';
import { AgentId, CurveKey, Milliseconds, ProjectId, RegistrationName, SigningKey } from '../id.ts';
import { BindingNotice, Signature, V1 } from './wire.ts';

/** Asks to become an agent. `manifest` is checked by itself, so that its fault gets its own code. */
export const EnrollBody = z.strictObject({
  ...V1,
  join_key: z.string().min(1).max(8192),
  registration_name: RegistrationName,
  curve_public_key: CurveKey,
  signing_public_key: SigningKey,
  agent_version: z.string().max(64),
  host: HostReport,
  manifest: z.unknown(),
  sig: Signature,
});
export type EnrollBody = z.infer<typeof EnrollBody>;

/** What `EnrollBody.sig` is over, as RFC 8785 JSON. */
export interface EnrollClaim {
  readonly ctx: 'xem/enroll/1';
  readonly join_key_sha256: string;
  readonly registration_name: string;
  readonly curve_public_key: string;
  readonly signing_public_key: string;
  readonly manifest_hash: string;
}

export const EnrolledBody = z.union([
  z.strictObject({
    ...V1,
    ok: z.literal(true),
    agent_id: AgentId,
    project_id: ProjectId,
    data_endpoints: z.array(z.string()).min(1),
    router_curve_key: CurveKey,
    router_signing_key: SigningKey,
    lease_ttl_ms: Milliseconds,
    lease_renewal_interval_ms: Milliseconds,
    bindings: z.array(BindingNotice),
  }),
  z.strictObject({
    ...V1,
    ok: z.literal(false),
    code: z.string(),
    message: z.string(),
    operator_action: z.string(),
    pointer: z.string().optional(),
    retry_after_seconds: z.int().optional(),
  }),
]);
export type EnrolledBody = z.infer<typeof EnrolledBody>;

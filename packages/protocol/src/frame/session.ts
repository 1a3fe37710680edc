import { z } from 'zod';
import { HostReport } from '../entity/manifest.ts';
import { AgentId, CurveKey, Milliseconds, Sha256, Timestamp } from '../id.ts';
import { AttemptKey, BindingNotice, Nonce, SessionName, Signature, StoredOutput, V1 } from './wire.ts';

/** Opens the handshake on a fresh connection. */
export const ConnectBody = z.strictObject({ ...V1, agent_nonce: Nonce });
export type ConnectBody = z.infer<typeof ConnectBody>;

/** `router_time` is wall time in milliseconds; the agent judges the expiry of orders by it. */
export const ChallengeBody = z.strictObject({ ...V1, router_nonce: Nonce, router_time: Milliseconds });
export type ChallengeBody = z.infer<typeof ChallengeBody>;

/** How far an attempt has come that the router may not have heard the end of. */
export const UnacknowledgedAttempt = z.strictObject({
  ...AttemptKey.shape,
  state: z.enum(['accepted', 'running', 'ended']),
});
export type UnacknowledgedAttempt = z.infer<typeof UnacknowledgedAttempt>;

/** Says who the agent is, and everything the router has not acknowledged. `journal_id` is made with the agent's database. */
export const HelloBody = z.strictObject({
  ...V1,
  agent_id: AgentId,
  journal_id: z.string().regex(/^[0-9a-f]{24}$/, 'must be 24 hex digits'),
  agent_version: z.string().max(64),
  manifest_version: z.int().min(1),
  manifest_hash: Sha256,
  host: HostReport,
  unacknowledged: z.array(UnacknowledgedAttempt).max(10_000),
  sig: Signature,
});
export type HelloBody = z.infer<typeof HelloBody>;

/** What `HelloBody.sig` is over, as RFC 8785 JSON. */
export interface HelloClaim {
  readonly ctx: 'xem/hello/1';
  readonly agent_id: string;
  readonly agent_nonce: string;
  readonly router_nonce: string;
  readonly agent_curve_key: string;
  readonly router_curve_key: string;
}

/** Opens the session. `resume` names what the router has of running attempts, `abort` what must be stopped. */
export const WelcomeBody = z.strictObject({
  ...V1,
  session: SessionName,
  epoch: z.int().min(1),
  lease_ttl_ms: Milliseconds,
  lease_renewal_interval_ms: Milliseconds,
  bindings: z.array(BindingNotice),
  resume: z.array(StoredOutput),
  abort: z.array(AttemptKey),
  /** Attempts whose end the router holds: the agent may forget them. */
  settled: z.array(AttemptKey),
  send_manifest: z.boolean(),
  sig: Signature,
});
export type WelcomeBody = z.infer<typeof WelcomeBody>;

/** What `WelcomeBody.sig` is over, as RFC 8785 JSON. */
export interface WelcomeClaim {
  readonly ctx: 'xem/welcome/1';
  readonly agent_id: string;
  readonly agent_nonce: string;
  readonly router_nonce: string;
  readonly agent_curve_key: string;
  readonly router_curve_key: string;
  readonly session: string;
  readonly epoch: number;
}

/** Ends a session in good order, from either side. */
export const GoodbyeBody = z.strictObject({ ...V1, reason: z.string().max(200) });
export type GoodbyeBody = z.infer<typeof GoodbyeBody>;

/** Ends a session, or refuses one. The agent closes its connection. */
export const RefusedBody = z.strictObject({ ...V1, code: z.string(), message: z.string() });
export type RefusedBody = z.infer<typeof RefusedBody>;

/** Keeps the lease alive; never waits for tools. */
export const LeaseRenewalBody = z.strictObject({
  ...V1,
  manifest_version: z.int().min(1),
  manifest_hash: Sha256,
  /** The manifest itself, when it changed since the router had it. */
  manifest: z.unknown().optional(),
  in_flight: z.array(AttemptKey).max(10_000),
  load: z.strictObject({ slots: z.int().min(0), in_flight: z.int().min(0) }),
  sent_at: Milliseconds,
  /** What the agent measured with the renewal before, once there was one. */
  round_trip_ms: z.number().min(0).optional(),
});
export type LeaseRenewalBody = z.infer<typeof LeaseRenewalBody>;

export const LeaseAckBody = z.strictObject({
  ...V1,
  lease_ttl_ms: Milliseconds,
  bindings: z.array(BindingNotice),
  abort: z.array(AttemptKey),
  /** Attempts the router never heard the end of. */
  missing: z.array(AttemptKey),
  send_manifest: z.boolean(),
  /** `sent_at` of the renewal, so that the agent can measure the way. */
  echo: Milliseconds,
});
export type LeaseAckBody = z.infer<typeof LeaseAckBody>;

/** Held work: new orders stop for the scope, what runs goes on. */
export const PauseBody = z.strictObject({
  ...V1,
  scope: z.enum(['agent', 'workspace', 'project']),
  id: z.string(),
  reason: z.string().nullable(),
});
export type PauseBody = z.infer<typeof PauseBody>;

/** One of two agents that hold one name. `fingerprint` is of its CURVE key. */
const ConflictHolder = z.strictObject({
  agent_id: AgentId,
  fingerprint: z.string(),
  last_seen_at: Timestamp.nullable(),
  source_address: z.string().nullable(),
});

/** Two agents are online under one name: who they are, and what ends it. Sent after each welcome until then. */
export const ConflictBody = z.strictObject({
  ...V1,
  code: z.literal('agent_name_conflict'),
  incumbent_fingerprint: z.string(),
  challenger_fingerprint: z.string(),
  incumbent: ConflictHolder.optional(),
  challenger: ConflictHolder.optional(),
  message: z.string(),
  operator_action: z.string(),
});
export type ConflictBody = z.infer<typeof ConflictBody>;

/** A change of an agent’s CURVE key is finished within this time, in milliseconds, or dropped. */
export const CURVE_ROTATION_MS = 600_000;

/** Asks an agent for a new CURVE key. */
export const RotateCurveBody = z.strictObject({ ...V1, rotation_id: z.string() });
export const RotateAckBody = z.strictObject({
  ...V1,
  rotation_id: z.string(),
  curve_public_key: CurveKey,
  sig: Signature,
});

/** What `sig` of a `rotate_ack` is over, as RFC 8785 JSON; the old key is the one the session was opened with. */
export interface RotateClaim {
  readonly ctx: 'xem/rotate/1';
  readonly rotation_id: string;
  readonly agent_id: string;
  readonly old_curve_key: string;
  readonly new_curve_key: string;
}

/** Both keys are admitted now: the agent connects again with the new one. */
export const RotateCommitBody = z.strictObject({ ...V1, rotation_id: z.string() });

import type { HelloDraft, LinkLoss, RouterFrame } from '@xem/mesh';
import type { AttemptKey, ConflictBody, HostReport, LeaseAckBody, WelcomeBody } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import type { z } from 'zod';
import type { Admission } from '../dispatch/admission.ts';
import type { Attempts } from '../dispatch/attempts.ts';
import type { Line } from '../dispatch/line.ts';
import type { OrderDesk } from '../dispatch/order-desk.ts';
import { lostResult } from '../dispatch/result.ts';
import type { Identity } from '../identity/identity.ts';
import type { Journal } from '../journal/journal.ts';
import type { Lease } from './lease.ts';
import type { Publication } from './publication.ts';
import { renewalOf } from './renewal.ts';
import type { Rotation } from './rotation.ts';

/** `unacknowledged` of a hello holds at most this many. */
const UNACKNOWLEDGED_MAX = 10_000;

/** What the agent says and does within its sessions with the router. */
export interface Session {
  hello(): HelloDraft;
  /** A session is open with this CURVE key. */
  onWelcome(welcome: WelcomeBody, curveKey: string): void;
  onFrame(frame: RouterFrame): void;
  onLost(loss: LinkLoss): void;
  /** Renews the lease out of turn. */
  renew(): void;
  /** The tools may have become others: what changed is published at once, or with the next session. */
  republish(): void;
  close(): void;
}

export interface SessionContext {
  readonly identity: Identity;
  host(): HostReport;
  readonly slots: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly line: Line & { reconnect(reason: string): void };
  /** The router's wall time in milliseconds; null before the first session. */
  routerNow(): number | null;
  readonly journal: Journal;
  readonly attempts: Attempts;
  readonly admission: Admission;
  readonly desk: OrderDesk;
  readonly publication: Publication;
  readonly lease: Lease;
  readonly rotation: Rotation;
  /** The first session is open. */
  onReady(): void;
  onConflict(conflict: z.infer<typeof ConflictBody>): void;
}

interface SessionState {
  name: { readonly session: string; readonly epoch: number } | null;
  isManifestDue: boolean;
  wasReady: boolean;
  /** Own monotonic time of the last renewal. */
  renewedAt: number;
  roundTripMs: number | null;
}

function noteManifest(ctx: SessionContext, state: SessionState, isChanged: boolean): boolean {
  if (!isChanged) return false;
  ctx.log.info('manifest.changed', { version: ctx.publication.manifest().manifest_version });
  state.isManifestDue = true;
  return true;
}

function renew(ctx: SessionContext, state: SessionState): void {
  const { publication, attempts, admission, slots } = ctx;
  state.renewedAt = ctx.clock.monotonic();
  const { isManifestDue: withManifest, roundTripMs } = state;
  const sentAt = Math.floor(state.renewedAt);
  const outcome = ctx.line.send(
    renewalOf({ publication, attempts, admission, slots, withManifest, sentAt, roundTripMs }),
  );
  if (outcome === 'sent') state.isManifestDue = false;
  else ctx.log.warn('lease.renewal_not_sent', { outcome });
}

/**
 * The regular beat: the lease, results that nobody acknowledged, and forgetting. A router that goes on answering nothing
 * knows of no session any more, whatever the line looks like.
 */
function beat(ctx: SessionContext, state: SessionState): void {
  if (ctx.lease.isLost()) return ctx.line.reconnect('no renewal was answered for two leases');
  renew(ctx, state);
  for (const { delivery } of ctx.attempts.all()) delivery.repeatIfOld();
  const routerNow = ctx.routerNow();
  if (routerNow !== null) ctx.journal.sweep(routerNow);
  ctx.rotation.tidy();
}

const abortAll = ({ attempts }: SessionContext, keys: readonly AttemptKey[]): void => {
  for (const key of keys) attempts.find(key)?.run?.cancel('the router no longer waits for it');
};

/** The router never heard the end of this attempt: it hears it now, even if nothing is known of it. */
function accountFor({ journal, attempts, line, log }: SessionContext, key: AttemptKey): void {
  const held = attempts.find(key);
  if (held) return held.delivery.repeat();
  const known = journal.find(key);
  if (known?.result) {
    line.send({ kind: 'result', body: known.result });
    return;
  }
  log.warn('attempt.unknown', { ...key });
  const lost = lostResult(key, 'this agent knows nothing of the attempt');
  journal.accept({ key, expiresAt: 0 }, 'written');
  journal.end(key, lost);
  return attempts.settle(lost, null);
}

function onLeaseAck(ctx: SessionContext, state: SessionState, ack: LeaseAckBody): void {
  ctx.lease.extend(ack.echo, ack.lease_ttl_ms);
  if (ack.echo === Math.floor(state.renewedAt)) state.roundTripMs = ctx.clock.monotonic() - state.renewedAt;
  abortAll(ctx, ack.abort);
  for (const key of ack.missing) accountFor(ctx, key);
  const isChanged = noteManifest(ctx, state, ctx.publication.rebind(ack.bindings));
  if (ack.send_manifest) state.isManifestDue = true;
  if (isChanged || ack.send_manifest) renew(ctx, state);
}

function onWelcome(ctx: SessionContext, state: SessionState, welcome: WelcomeBody): void {
  const { session, epoch, lease_ttl_ms, lease_renewal_interval_ms } = welcome;
  state.name = { session, epoch };
  ctx.log.info('session.opened', { session, epoch });
  ctx.lease.extend(ctx.clock.monotonic(), lease_ttl_ms);
  ctx.admission.forgetPauses();
  for (const key of welcome.settled) ctx.attempts.acknowledge(key);
  abortAll(ctx, welcome.abort);
  state.isManifestDue = welcome.send_manifest;
  noteManifest(ctx, state, ctx.publication.rebind(welcome.bindings));
  ctx.lease.start(lease_renewal_interval_ms, () => beat(ctx, state));
  ctx.attempts.begin(welcome.resume);
  if (!state.wasReady) ctx.onReady();
  state.wasReady = true;
}

function onDispatch(ctx: SessionContext, { name }: SessionState, frame: RouterFrame): void {
  const routerNow = ctx.routerNow();
  if (frame.kind !== 'dispatch' || name === null || routerNow === null) return;
  const { agent_id: agentId, router_signing_key: routerSigningKey } = ctx.identity;
  ctx.desk.take(frame.body, { agentId, routerSigningKey, routerNow, ...name });
}

function onFrame(ctx: SessionContext, state: SessionState, frame: RouterFrame): void {
  switch (frame.kind) {
    case 'dispatch':
      return onDispatch(ctx, state, frame);
    case 'credit':
      return ctx.attempts.find(frame.body)?.delivery.addCredit(frame.body.bytes);
    case 'result_ack':
      return ctx.attempts.acknowledge(frame.body);
    case 'cancel':
      return ctx.attempts.find(frame.body)?.run?.cancel(frame.body.reason);
    case 'lease_ack':
      return onLeaseAck(ctx, state, frame.body);
    case 'pause':
      return ctx.admission.pause(frame.body);
    case 'resume':
      return ctx.admission.resume(frame.body);
    case 'conflict':
      return ctx.onConflict(frame.body);
    case 'rotate_curve':
      return ctx.rotation.onAsked(frame.body.rotation_id);
    case 'rotate_commit':
      return ctx.rotation.onCommitted();
  }
}

function onLost(ctx: SessionContext, state: SessionState, loss: LinkLoss): void {
  const { code, message, welcomed } = loss;
  ctx.log.warn(welcomed ? 'session.lost' : 'session.not_opened', { code, why: message });
  state.name = null;
  ctx.lease.stop();
  ctx.attempts.suspend();
}

function unacknowledgedOf(journal: Journal): HelloDraft['unacknowledged'] {
  const entries = journal.open().slice(0, UNACKNOWLEDGED_MAX);
  return entries.map(({ key: { execution_id, attempt }, state }) => ({ execution_id, attempt, state }));
}

/** The conversation of one agent with its router, over however many sessions it takes. */
export function createSession(ctx: SessionContext): Session {
  const state: SessionState = {
    name: null,
    isManifestDue: false,
    wasReady: false,
    renewedAt: 0,
    roundTripMs: null,
  };
  const { journal, publication } = ctx;
  const renewNow = (): void => {
    if (state.name !== null) renew(ctx, state);
  };
  return {
    hello: () => ({
      journal_id: journal.id,
      agent_version: ctx.host().agent_version,
      manifest_version: publication.manifest().manifest_version,
      manifest_hash: publication.hash(),
      host: ctx.host(),
      unacknowledged: unacknowledgedOf(journal),
    }),
    onWelcome: (welcome, curveKey) => {
      ctx.rotation.onWelcome(curveKey);
      onWelcome(ctx, state, welcome);
    },
    onFrame: (frame) => onFrame(ctx, state, frame),
    onLost: (loss) => onLost(ctx, state, loss),
    renew: renewNow,
    republish: () => {
      if (noteManifest(ctx, state, publication.refresh())) renewNow();
    },
    close: () => ctx.lease.stop(),
  };
}

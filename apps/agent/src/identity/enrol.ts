import { MeshUnreachable, type EnrollDraft, type EnrollOptions } from '@xem/mesh';
import {
  SECOND_MS,
  RegistrationName,
  type BindingNotice,
  type EnrolledBody,
  type HostReport,
  type JoinKeyClaims,
  type Manifest,
} from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import { BootError } from '../boot/boot-error.ts';
import type { AgentSettings } from '../settings.ts';
import type { Identity } from './identity.ts';
import { readJoinKey } from './join-key.ts';
import type { AgentKeys } from './keys.ts';
import { isPassing, refusalError, type NotEnrolled } from './refusal.ts';

interface EnrolContext {
  readonly settings: AgentSettings;
  readonly keys: AgentKeys;
  readonly host: HostReport;
  readonly clock: Clock;
  readonly log: Log;
  /** The manifest to enrol with, for these bindings. */
  readonly manifestFor: (bindings: readonly BindingNotice[]) => Manifest;
  /** One request and its answer. @throws MeshUnreachable */
  enrollOnce(options: EnrollOptions): Promise<EnrolledBody>;
}

interface Application {
  readonly claims: JoinKeyClaims;
  readonly request: EnrollDraft;
}

type Enrolled = Extract<EnrolledBody, { ok: true }>;

const TRY_MS = 15_000;
const PAUSE_MS_FIRST = 500;
const PAUSE_MS_LAST = 30_000;

function requiredJoinKey({ join_key }: AgentSettings): string {
  if (join_key !== undefined) return join_key;
  const message =
    'The first start needs a join key: give --join-key or XEM_JOIN_KEY. ' +
    'Mint one with `xeroctl agents join-keys create`; it is needed once.';
  throw new BootError('join_key_missing', message);
}

function wellFormed(name: string): string {
  const [issue] = RegistrationName.safeParse(name).error?.issues ?? [];
  if (!issue) return name;
  throw new BootError('registration_name_invalid', `The name "${name}" of the agent ${issue.message}.`);
}

function nameOf({ registration_name }: AgentSettings, claims: JoinKeyClaims): string {
  const name = registration_name ?? claims.name;
  if (name !== undefined) return wellFormed(name);
  const message = 'The first start needs a name: give --registration-name or XEM_REGISTRATION_NAME.';
  throw new BootError('registration_name_missing', message);
}

async function applicationOf({ settings, host, manifestFor }: EnrolContext): Promise<Application> {
  const joinKey = requiredJoinKey(settings);
  const claims = await readJoinKey(joinKey);
  const bindings = claims.workspaces.map((workspace_id) => ({ workspace_id, type: null }));
  const request = {
    join_key: joinKey,
    registration_name: nameOf(settings, claims),
    agent_version: host.agent_version,
    host,
    manifest: manifestFor(bindings),
  };
  return { claims, request };
}

async function tryOnce(ctx: EnrolContext, { claims, request }: Application): Promise<EnrolledBody | null> {
  const { clock, keys, log } = ctx;
  const { enroll_endpoint: endpoint, curve_key: routerCurveKey } = claims.router;
  try {
    return await ctx.enrollOnce({ endpoint, routerCurveKey, ...keys, request, timeoutMs: TRY_MS, clock });
  } catch (err) {
    if (!(err instanceof MeshUnreachable)) throw err;
    log.warn('agent.enrollment_unanswered', { endpoint, why: err.message });
    return null;
  }
}

/** How long to wait before the next try: what the router said, or ever longer. */
const waitMs = (answer: NotEnrolled | null, pauseMs: number): number =>
  Math.max(pauseMs, (answer?.retry_after_seconds ?? 0) * SECOND_MS);

function notePassing({ log }: EnrolContext, answer: NotEnrolled | null, afterMs: number): void {
  if (answer) log.warn('agent.enrollment_put_off', { code: answer.code, why: answer.message, afterMs });
}

/**
 * Asks until the router decides: silence is no answer, neither is a no that passes, and the same request is safe to
 * send again. @throws BootError with the router's code when it says no for good
 */
async function ask(ctx: EnrolContext, application: Application): Promise<Enrolled> {
  for (let pauseMs = PAUSE_MS_FIRST; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_LAST)) {
    const answer = await tryOnce(ctx, application);
    if (answer?.ok) return answer;
    if (answer && !isPassing(answer)) throw refusalError(answer);
    const afterMs = waitMs(answer, pauseMs);
    notePassing(ctx, answer, afterMs);
    await ctx.clock.sleep(afterMs);
  }
}

function identityOf(ctx: EnrolContext, { claims, request }: Application, answer: Enrolled): Identity {
  const { curve_key, signing_key } = claims.router;
  if (answer.router_curve_key !== curve_key || answer.router_signing_key !== signing_key) {
    throw new BootError('router_changed', 'The router answered with other keys than the join key names.');
  }
  const { v: _version, ok: _ok, ...given } = answer;
  return {
    ...given,
    registration_name: request.registration_name,
    curve_public_key: ctx.keys.curve.publicKey,
    signing_public_key: ctx.keys.signer.publicKey,
  };
}

/**
 * Becomes an agent with a join key.
 * @throws BootError with the router's code when it says no, which asking again would not change
 */
export async function enrol(ctx: EnrolContext): Promise<Identity> {
  const application = await applicationOf(ctx);
  const answer = await ask(ctx, application);
  const identity = identityOf(ctx, application, answer);
  ctx.log.info('agent.enrolled', { agentId: identity.agent_id, name: identity.registration_name });
  return identity;
}

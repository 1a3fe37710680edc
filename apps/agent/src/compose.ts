import { join } from 'node:path';
import {
  enrollOnce,
  openAgentLink,
  type AgentLink,
  type LinkLoss,
  type MeshNetwork,
  type Rejection,
} from '@xem/mesh';
import { endpointsOf, type AgentId, type BindingNotice, type HostReport } from '@xem/protocol';
import type { Clock, CrashPoint, IdSource, Lifecycle, Log } from '@xem/runtime';
import type { BootError } from './boot/boot-error.ts';
import { withNotePoints } from './crash-points.ts';
import { createAdmission, type Admission } from './dispatch/admission.ts';
import { createAttempts, type Attempts } from './dispatch/attempts.ts';
import type { Line } from './dispatch/line.ts';
import { createOrderDesk } from './dispatch/order-desk.ts';
import { recover } from './dispatch/recover.ts';
import type { ToolHost } from './dispatch/tool-host.ts';
import { enrol } from './identity/enrol.ts';
import { readIdentity, writeIdentity, type Identity } from './identity/identity.ts';
import { createKeyRing, type KeyRing } from './identity/key-ring.ts';
import { openKeys, type OpenedKeys } from './identity/keys.ts';
import { assertPublishable } from './identity/refusal.ts';
import { openJournal, type Journal } from './journal/journal.ts';
import { holdState } from './journal/lock.ts';
import { withEndsTold, withRefusalsTold, type Meters } from './metrics/meters.ts';
import { reportHost } from './session/host-report.ts';
import { createLease, type Lease } from './session/lease.ts';
import { createPublication, type Publication } from './session/publication.ts';
import { createContest, type Contest } from './session/contest.ts';
import { dismissalError, rejectionError } from './session/rejection.ts';
import { createRotation } from './session/rotation.ts';
import { createSession, type Session } from './session/session.ts';
import type { AgentSettings } from './settings.ts';
import type { RunSpans } from './tracing/run-spans.ts';

/** What an agent is made of, and what it is told by. */
export interface AgentContext {
  readonly settings: AgentSettings;
  readonly version: string;
  readonly tools: ToolHost;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
  readonly lifecycle: Lifecycle;
  /** Where the agent shall die, for tests of what a crash leaves. */
  readonly crash?: CrashPoint | null;
  /** Counts for those who watch the agent; nothing is counted without. */
  readonly meters?: Meters | null;
  /** Gives runs spans of their own; null when nobody collects them. */
  readonly runSpans?: RunSpans | null;
  /** ZeroMQ when absent; a simulation passes its own. */
  readonly network?: MeshNetwork;
  /** The first session is open. */
  readonly onReady: (agentId: AgentId) => void;
  /** The agent must not go on, and starting it again would not help. */
  readonly onFatal: (error: BootError) => void;
}

/** A working agent. */
export interface Agent {
  readonly agentId: AgentId;
  /** Takes no new work, waits for what runs, and leaves or ends the rest as the settings say. */
  stop(): Promise<void>;
}

interface Foundation extends AgentContext {
  readonly keys: OpenedKeys;
  readonly journal: Journal;
  host(): HostReport;
}

interface Work extends Foundation {
  readonly identity: Identity;
  readonly ring: KeyRing;
  readonly publication: Publication;
  readonly lease: Lease;
  readonly admission: Admission;
  readonly attempts: Attempts;
  readonly line: LateLine;
  readonly ending: Ending;
  readonly contest: Contest;
}

/** Set once the agent must not go on: then nothing is waited for. */
interface Ending {
  isFatal: boolean;
}

/** A line that exists before there is a link behind it. */
interface LateLine extends Line {
  link: AgentLink | null;
  reconnect(reason: string): void;
}

const lateLine = ({ meters }: Pick<AgentContext, 'meters'>): LateLine => {
  const send: Line['send'] = (frame) => line.link?.send(frame) ?? 'down';
  const line: LateLine = {
    link: null,
    send: meters ? withRefusalsTold(send, meters) : send,
    writable: async () => (await line.link?.writable()) ?? false,
    reconnect: (reason) => line.link?.reconnect(reason),
  };
  return line;
};

function layFoundation(ctx: AgentContext): Foundation {
  const { settings, ids, lifecycle, version, tools } = ctx;
  const { state_dir, queue_db_path, max_concurrent_executions: slots } = settings;
  lifecycle.own(holdState(join(state_dir, 'agent.lock')), (release) => release());
  const keys = openKeys(settings, ids);
  const path = queue_db_path ?? join(state_dir, 'journal.db');
  const opened = lifecycle.own(openJournal({ ...ctx, path }), (owned) => owned.close());
  const told = ctx.meters ? withEndsTold(opened, ctx.meters) : opened;
  const journal = ctx.crash ? withNotePoints(told, ctx.crash) : told;
  const host = (): HostReport => reportHost({ version, providers: tools.providers, slots });
  return { ...ctx, keys, journal, host };
}

function publish({ settings, tools, journal }: Foundation, bindings: readonly BindingNotice[]): Publication {
  const definitions = () => [...tools.tools.values()].map(({ definition }) => definition);
  const workspaces = settings.workspaces;
  const publication = createPublication(
    {
      tools: definitions,
      credentialsRef: (workspaceId) => tools.credentialsRef(workspaceId),
      workspaces,
      journal,
    },
    bindings,
  );
  assertPublishable(publication.manifest());
  return publication;
}

const networkOf = ({ network }: AgentContext): { network?: MeshNetwork } => (network ? { network } : {});

async function becomeSomebody(base: Foundation): Promise<Identity> {
  const { settings } = base;
  const known = readIdentity(settings.state_dir);
  if (known !== null) return known;
  const identity = await enrol({
    ...base,
    host: base.host(),
    enrollOnce: (options) => enrollOnce({ ...options, ...networkOf(base) }),
    manifestFor: (bindings) => publish(base, bindings).manifest(),
  });
  writeIdentity(settings.state_dir, identity);
  return identity;
}

function prepareWork(base: Foundation, identity: Identity): Work {
  const { settings, clock, keys, ids } = base;
  const ring = createKeyRing({ stateDir: settings.state_dir, keys, identity, ids });
  const publication = publish(base, identity.bindings);
  const lease = createLease(clock);
  const line = lateLine(base);
  const admission = createAdmission({
    slots: settings.max_concurrent_executions,
    isLeased: () => lease.holds(),
    serves: (workspaceId) => publication.serves(workspaceId),
  });
  const attempts = createAttempts({ line, journal: base.journal, host: base.tools, log: base.log });
  base.meters?.watch(attempts);
  const ending: Ending = { isFatal: false };
  const onFatal = (error: BootError): void => {
    ending.isFatal = true;
    base.onFatal(error);
  };
  const contest = createContest(base.log);
  return { ...base, onFatal, ending, contest, identity, ring, publication, lease, admission, attempts, line };
}

function openSession(work: Work): Session {
  const { identity, settings, tools, line, contest, onReady } = work;
  const { agent_id: agentId, project_id: projectId } = identity;
  return createSession({
    ...work,
    slots: settings.max_concurrent_executions,
    routerNow: () => line.link?.routerNow() ?? null,
    desk: createOrderDesk({ ...work, host: tools, agentId, projectId }),
    rotation: createRotation({ ...work, agentId }),
    onReady: () => onReady(agentId),
    onConflict: (conflict) => contest.told(conflict),
  });
}

function openLink(work: Work, session: Session): AgentLink {
  const { identity, ring, settings, clock, ids, log, contest } = work;
  const { state_dir: stateDir } = settings;
  const endWith = (error: BootError | null): void => {
    if (error) work.onFatal(error);
  };
  return openAgentLink({
    endpoints: settings.router_url ? endpointsOf(settings.router_url) : identity.data_endpoints,
    routerCurveKey: identity.router_curve_key,
    routerSigningKey: identity.router_signing_key,
    ...networkOf(work),
    signer: ring.signer,
    curves: () => ring.curves(),
    agentId: identity.agent_id,
    clock,
    ids,
    log,
    hello: () => session.hello(),
    onWelcome: (welcome, _time, curveKey) => {
      contest.begin();
      work.meters?.inSession(true);
      session.onWelcome(welcome, curveKey);
    },
    onFrame: (frame) => session.onFrame(frame),
    onLost: (loss: LinkLoss) => {
      work.meters?.inSession(false);
      session.onLost(loss);
      endWith(dismissalError(loss, stateDir));
    },
    onRejected: (rejection: Rejection) =>
      endWith(rejectionError(rejection, { stateDir, isContested: contest.isOn() })),
  });
}

/** What a run that is told to end may take, and its result to reach the router. */
const KILL_MS = 8000;

const LOOK_EVERY_MS = 20;

/** Nobody waits for what a dismissed agent runs; it ends with the agent where the settings say so. */
async function endRest({ settings, attempts, clock }: Work): Promise<void> {
  if (settings.on_shutdown === 'detach') return;
  for (const { run } of attempts.all()) run?.cancel('the agent may not go on');
  const givesUpAt = clock.monotonic() + KILL_MS;
  while (attempts.inFlight() > 0 && clock.monotonic() < givesUpAt) await clock.sleep(LOOK_EVERY_MS);
}

async function settleRest(work: Work): Promise<void> {
  const { settings, attempts, clock, ending } = work;
  if (ending.isFatal) return endRest(work);
  const empty = attempts.whenEmpty();
  await Promise.race([empty, clock.sleep(settings.shutdown_grace_seconds * 1000)]);
  if (settings.on_shutdown === 'detach') return;
  for (const { run } of attempts.all()) run?.cancel('the agent stops');
  await Promise.race([empty, clock.sleep(KILL_MS)]);
}

/**
 * Starts an agent: enrols it when it has not, takes up what an earlier one left, and keeps a session open.
 * @throws BootError
 */
export async function startAgent(ctx: AgentContext): Promise<Agent> {
  const base = layFoundation(ctx);
  const identity = await becomeSomebody(base);
  const work = prepareWork(base, identity);
  recover({ ...work, host: ctx.tools });
  const session = openSession(work);
  work.line.link = openLink(work, session);
  ctx.tools.onChange(() => session.republish());
  const stop = async (): Promise<void> => {
    work.admission.drain();
    session.renew();
    await settleRest(work);
    session.close();
    await work.line.link?.close();
    ctx.tools.close();
  };
  ctx.lifecycle.own(stop, (close) => close());
  return { agentId: identity.agent_id, stop };
}

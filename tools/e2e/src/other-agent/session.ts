import { hashOf } from './canonical-json.ts';
import { HEARD, type Attempt, type Frame } from './frame.ts';
import type { Opened } from './handshake.ts';
import type { Identity } from './identity.ts';
import type { Journal } from './journal.ts';
import type { Manifest, Tool } from './manifest.ts';
import { judge, type Bench, type Order } from './order.ts';
import type { Runs } from './runs.ts';
import type { Surroundings } from './surroundings.ts';

const SLOTS = 4;

interface Settings {
  readonly identity: Identity;
  readonly manifest: Manifest;
  readonly tools: readonly Tool[];
  readonly journal: Journal;
  readonly runs: Runs;
  readonly around: Surroundings;
  readonly send: (frame: Frame) => void;
}

type Binding = Opened['welcome']['bindings'][number];

/** One session with the router, from its welcome on. */
export class Session {
  readonly #settings: Settings;
  readonly #opened: Opened;
  readonly #paused = new Set<string>();
  #bindings: readonly Binding[];
  #leaseUntil: number;
  #wantsManifest: boolean;
  #isStopping = false;
  #callOff: () => void = () => undefined;

  constructor(settings: Settings, opened: Opened) {
    this.#settings = settings;
    this.#opened = opened;
    this.#bindings = opened.welcome.bindings;
    this.#leaseUntil = opened.helloAt + opened.welcome.lease_ttl_ms;
    this.#wantsManifest = opened.welcome.send_manifest;
  }

  /** Does what the welcome says, and renews the lease from now on. */
  begin(): void {
    const { runs, send } = this.#settings;
    const { settled, abort, resume } = this.#opened.welcome;
    for (const attempt of settled) runs.acknowledge(attempt);
    for (const attempt of abort) runs.cancel(attempt);
    this.#renew();
    runs.begin(resume, send);
  }

  /** The line is gone. */
  end(): void {
    this.#callOff();
  }

  /** Takes no new orders. */
  drain(): void {
    this.#isStopping = true;
    this.#callOff();
    this.#renew();
  }

  /** Takes a frame of the router. @throws TypeError when its body is not as it should be */
  hear({ kind, body }: Frame): void {
    const { runs } = this.#settings;
    if (kind === 'dispatch') this.#decide(body);
    if (kind === 'lease_ack') this.#hold(body);
    if (kind === 'cancel') runs.cancel(HEARD.cancel(body));
    if (kind === 'result_ack') runs.acknowledge(HEARD.result_ack(body));
    if (kind === 'pause') this.#paused.add(HEARD.pause(body).id);
    if (kind === 'resume') this.#paused.delete(HEARD.resume(body).id);
    if (kind !== 'credit') return;
    const credit = HEARD.credit(body);
    runs.grant(credit, credit.bytes);
  }

  #renew(): void {
    const { manifest, runs, around, send } = this.#settings;
    const { lease_renewal_interval_ms: every } = this.#opened.welcome;
    const body = {
      v: 1,
      manifest_version: manifest.manifest_version,
      manifest_hash: hashOf(manifest),
      ...(this.#wantsManifest && { manifest }),
      in_flight: runs.open().map(({ execution_id: id, attempt }) => ({ execution_id: id, attempt })),
      load: { slots: this.#isStopping ? 0 : SLOTS, in_flight: runs.running() },
      sent_at: Math.floor(around.monotonic()),
    };
    send({ kind: 'lease_renewal', body });
    this.#settings.journal.forgetBefore(this.#routerTime());
    this.#callOff = around.after(every, () => {
      this.#renew();
      runs.repeatResults();
    });
  }

  #hold(given: Frame['body']): void {
    const ack = HEARD.lease_ack(given);
    this.#bindings = ack.bindings;
    this.#wantsManifest = ack.send_manifest;
    this.#leaseUntil = Math.max(this.#leaseUntil, ack.echo + ack.lease_ttl_ms);
    for (const attempt of ack.abort) this.#settings.runs.cancel(attempt);
    for (const attempt of ack.missing) this.#settings.runs.account(attempt);
  }

  #decide(given: Frame['body']): void {
    const verdict = judge(HEARD.dispatch(given), this.#bench());
    if (verdict.do === 'run') this.#settings.runs.start(verdict.order, verdict.tool);
    if (verdict.do === 'repeat') this.#settings.runs.repeat(verdict.order);
    if (verdict.do === 'refuse') this.#refuse(verdict.attempt, verdict.reason);
  }

  #refuse({ execution_id: id, attempt }: Attempt, reason: string): void {
    const body = {
      v: 1,
      execution_id: id,
      attempt,
      reason,
      message: `The order fails the check: ${reason}.`,
    };
    this.#settings.send({ kind: 'refuse', body });
  }

  #routerTime(): number {
    return this.#settings.around.monotonic() + this.#opened.ahead;
  }

  #bench(): Bench {
    const { identity, tools, journal, runs, manifest, around } = this.#settings;
    const { session, epoch } = this.#opened.welcome;
    const { enrolled } = identity;
    const scopes = ({ workspace_id: id }: Order) => [enrolled.agent_id, enrolled.project_id, id];
    return {
      routerSigningKey: enrolled.router_signing_key,
      agentId: enrolled.agent_id,
      projectId: enrolled.project_id,
      session,
      epoch,
      routerTime: this.#routerTime(),
      tools,
      isKnown: (order) => journal.get(order) !== undefined,
      isServed: (id) =>
        this.#bindings.some(({ workspace_id: bound }) => bound === id) &&
        manifest.workspaces.some((named) => named.id === id),
      isStopping: () => this.#isStopping,
      isHeld: (order) =>
        around.monotonic() > this.#leaseUntil || scopes(order).some((id) => this.#paused.has(id)),
      hasSlot: () => runs.running() < SLOTS,
    };
  }
}

import { join } from 'node:path';
import { HEARD, type Frame } from './frame.ts';
import { greet, type Opened } from './handshake.ts';
import { identify, type Identity } from './identity.ts';
import { openJournal, type Journal } from './journal.ts';
import { readJoinKey } from './join-key.ts';
import { openLine, type Line } from './line.ts';
import { manifestOf, type Manifest, type Tool } from './manifest.ts';
import { Runs } from './runs.ts';
import { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

const HANDSHAKE_MS = 10_000;
const PAUSE_MS = 100;
const PAUSE_MS_MAX = 5000;
const PASSING = new Set([
  'unavailable',
  'hello_timeout',
  'session_replaced',
  'lease_lapsed',
  'output_missing',
  'bad_frames',
]);

/** How an agent is started. */
export interface AgentOptions {
  readonly dir: string;
  readonly joinKey: string;
  readonly name: string;
  readonly tools: readonly Tool[];
  readonly around: Surroundings;
  /** Another way to the data endpoint. */
  readonly endpoint?: string;
  /** Sees every frame on its way; what it answers goes on instead. */
  readonly between?: (frame: Frame, way: 'in' | 'out') => Frame;
}

interface Parts {
  readonly options: AgentOptions;
  readonly identity: Identity;
  readonly manifest: Manifest;
  readonly journal: Journal;
}

/** Enrols if it must; answers an agent that has not dialled yet. */
export async function prepareAgent(options: AgentOptions): Promise<OtherAgent> {
  const manifest = manifestOf(readJoinKey(options.joinKey).workspaces, options.tools);
  const identity = await identify({ ...options, manifest }, options.around);
  const journal = openJournal(join(options.dir, 'journal.jsonl'));
  return new OtherAgent({ options, identity, manifest, journal });
}

const nobody: (frame: Frame) => Opened | null = () => null;

/** An agent that keeps a session open until it is stopped. */
export class OtherAgent {
  /** Why its connections ended, in order. */
  readonly endings: string[] = [];
  /** How many sessions it has had. */
  sessions = 0;
  readonly #parts: Parts;
  readonly #runs: Runs;
  #session: Session | null = null;
  #line: Line | null = null;
  #failures = 0;
  #isOver = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { journal, options } = parts;
    this.#runs = new Runs({ dir: options.dir, journal, around: options.around });
  }

  get agentId(): string {
    return this.#parts.identity.enrolled.agent_id;
  }

  dial(): void {
    const { options, identity, manifest } = this.#parts;
    const { around } = options;
    const { data_endpoints: endpoints, router_curve_key: routerCurveKey } = identity.enrolled;
    const endpoint = options.endpoint ?? endpoints[this.#failures % endpoints.length] ?? '';
    const callOff = around.after(HANDSHAKE_MS, () => this.#line?.close());
    let read = nobody;
    const onFrame = (frame: Frame): void => {
      if (this.#session) return this.hear(frame);
      const opened = read(frame);
      if (!opened) return this.#hearRefusal(frame);
      callOff();
      this.#open(opened);
    };
    const onLost = (why: string): void => {
      callOff();
      this.#lose(why);
    };
    this.#line = openLine({ endpoint, routerCurveKey, curve: identity.curve, onFrame, onLost });
    const open = () => this.#runs.open();
    read = greet({ identity, manifest, around, open, send: (frame) => this.#send(frame) });
  }

  /** Takes a frame as if the router had sent it; one that it cannot read is dropped. */
  hear(frame: Frame): void {
    const { between = (same: Frame) => same } = this.#parts.options;
    try {
      const heard = between(frame, 'in');
      this.#hearRefusal(heard);
      this.#session?.hear(heard);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** Stops what runs, says goodbye and ends. */
  async stop(): Promise<void> {
    this.#isOver = true;
    this.#session?.drain();
    await this.#runs.stop();
    this.#send({ kind: 'goodbye', body: { v: 1, reason: 'the agent stops' } });
    await this.#line?.end();
    this.#parts.journal.close();
  }

  /** Ends as a process does that is killed: nobody hears of it, and nothing more is written. */
  vanish(): void {
    this.#isOver = true;
    this.#line?.close();
  }

  #send(frame: Frame): void {
    const { between = (same: Frame) => same } = this.#parts.options;
    this.#line?.send(between(frame, 'out'));
  }

  #open(opened: Opened): void {
    const { identity, manifest, options, journal } = this.#parts;
    const { tools, around } = options;
    const send = (frame: Frame): void => this.#send(frame);
    const settings = { identity, manifest, tools, journal, runs: this.#runs, around, send };
    this.sessions += 1;
    this.#failures = 0;
    this.#session = new Session(settings, opened);
    this.#session.begin();
  }

  #hearRefusal({ kind, body }: Frame): void {
    if (kind === 'goodbye') this.#line?.close();
    if (kind !== 'refused') return;
    const { code } = HEARD.refused(body);
    this.#isOver ||= !PASSING.has(code);
    this.endings.push(code);
    this.#line?.close();
  }

  #lose(why: string): void {
    this.endings.push(why);
    this.#session?.end();
    this.#session = null;
    this.#line = null;
    if (this.#isOver) return;
    this.#failures += 1;
    const { around } = this.#parts.options;
    const [chance = 0] = around.bytes(1);
    const pause = Math.min(PAUSE_MS * 2 ** this.#failures, PAUSE_MS_MAX);
    around.after(pause * (0.5 + chance / 512), () => this.dial());
  }
}

import { idOf, operate } from '../govern/operate.ts';
import { watching } from '../hostile/vitals.ts';
import {
  MANNERS,
  openWebhookTarget,
  type MannerName,
  type WebhookTarget,
} from '../hostile/webhook-target.ts';
import { create, look } from '../load/caller.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

/** A router waits so long for the answer of a target … */
const TIMEOUT_MS = 10_000;

/** … and a busy machine so much longer. */
const SLACK_MS = 5000;

/** Long enough for a target that hangs to be given up, and tried again. */
const HANG_MS = TIMEOUT_MS + 4000;
const CALL_EVERY_MS = 500;
const CALL_WITHIN_S = 20;

/** Less than a target that hangs is waited for. */
const ARRIVES_WITHIN_MS = 9000;
const STOPS_WITHIN_MS = 28_000;
const GROWN_MIB_MAX = 150;
const BYTES_MAX = 64 * 1024 * 1024;
const LOOK_MS = 50;

type Targets = Readonly<Record<MannerName, WebhookTarget>>;

function assertThat(holds: boolean, says: string): void {
  if (!holds) throw new Error(says);
}

/** Events of one thing came one after another, none of them before an older one. */
function assertOrder(name: string, { arrivals }: WebhookTarget): void {
  const last = new Map<string, { readonly seq: number; readonly endedAt: number }>();
  for (const { subject, seq, cameAt, lastedMs } of arrivals) {
    const before = last.get(subject);
    assertThat((before?.seq ?? 0) <= seq, `the ${name} target got entry ${seq} after ${before?.seq}`);
    assertThat(
      (before?.endedAt ?? 0) <= cameAt,
      `the ${name} target got two messages about ${subject} at once`,
    );
    last.set(subject, { seq, endedAt: cameAt + lastedMs });
  }
}

function assertGivenUp(name: string, { arrivals }: WebhookTarget): void {
  const overdue = arrivals.filter(
    ({ lastedMs }) => lastedMs !== Infinity && lastedMs > TIMEOUT_MS + SLACK_MS,
  );
  assertThat(overdue.length === 0, `the ${name} target was waited for beyond its time`);
  assertThat(
    arrivals.some(({ lastedMs }) => lastedMs < Infinity),
    `the ${name} target was never given up`,
  );
}

/** A call of a moment, and what the honest target hears of its end. */
async function callAndHear({ mesh, load, chance }: World, { honest }: Targets): Promise<void> {
  const [caller] = load.callers;
  const idempotencyKey = chance.bytes(12).toString('hex');
  const call = await create(caller, { tool: 'demo_noop', args: {}, idempotencyKey });
  const end = call && (await look(caller, call.id, CALL_WITHIN_S));
  assertThat(end?.status === 'completed', `a call beside targets that hang is ${end?.status ?? 'not taken'}`);
  const endedAt = mesh.clock.monotonic();
  const heard = (): boolean =>
    honest.arrivals.some(({ subject, type }) => subject === call?.id && type === 'exec.completed');
  while (!heard() && mesh.clock.monotonic() - endedAt < ARRIVES_WITHIN_MS) await mesh.clock.sleep(LOOK_MS);
  assertThat(heard(), 'targets that hang hold up the messages of another');
}

async function callAllTheTime(world: World, targets: Targets): Promise<void> {
  const { clock } = world.mesh;
  for (const endsAt = clock.monotonic() + HANG_MS; clock.monotonic() < endsAt;) {
    await callAndHear(world, targets);
    await clock.sleep(CALL_EVERY_MS);
  }
}

/** A router that stops waits for none of them. */
async function stopBeside({ mesh }: World): Promise<void> {
  const stoppedAt = mesh.clock.monotonic();
  mesh.router().signal('SIGTERM');
  const { code } = await mesh.router().ended;
  const ms = mesh.clock.monotonic() - stoppedAt;
  await mesh.startRouter();
  assertThat(code === 0, `a router beside targets that hang ended with ${code}`);
  assertThat(ms < STOPS_WITHIN_MS, `targets that hang held up the end of a router for ${Math.round(ms)} ms`);
}

async function hang(world: World, targets: Targets): Promise<void> {
  const { grownMiB } = await watching(world, () => callAllTheTime(world, targets));
  await stopBeside(world);
  assertThat(grownMiB < GROWN_MIB_MAX, `the router grew by ${grownMiB} MiB`);
  for (const [name, target] of Object.entries(targets)) {
    assertThat(target.arrivals.length > 0, `the ${name} target was never asked`);
    assertOrder(name, target);
  }
  assertGivenUp('silent', targets.silent);
  assertGivenUp('dripping', targets.dripping);
  assertThat(
    targets.circular.arrivals.every(({ path }) => path !== '/again'),
    'a redirect was followed',
  );
  assertThat(
    targets.endless.written() / targets.endless.arrivals.length < BYTES_MAX,
    'an endless answer was read on and on',
  );
}

async function openTargets({ mesh: { clock } }: World): Promise<Targets> {
  const { honest, silent, dripping, resetting, endless, circular } = MANNERS;
  return {
    honest: await openWebhookTarget(clock, honest),
    silent: await openWebhookTarget(clock, silent),
    dripping: await openWebhookTarget(clock, dripping),
    resetting: await openWebhookTarget(clock, resetting),
    endless: await openWebhookTarget(clock, endless),
    circular: await openWebhookTarget(clock, circular),
  };
}

/** Webhooks to targets that do not take what they are sent, in every way there is, beside one that does. */
async function hangTargets(world: World): Promise<void> {
  const [me] = world.load.callers;
  const targets = await openTargets(world);
  const hooks: string[] = [];
  try {
    for (const { url } of Object.values(targets)) hooks.push(await idOf(me, 'webhook.create', { url }));
    await hang(world, targets);
  } finally {
    for (const id of hooks) await operate(me, 'webhook.delete', { id });
    for (const target of Object.values(targets)) target.close();
  }
}

/** What targets of webhooks can do to a router. */
export const WEBHOOK_FAULTS: readonly Fault[] = [{ id: 'webhook.hanging', weight: 1, run: hangTargets }];

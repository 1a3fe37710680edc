import fc from 'fast-check';
import { createJudge, type Exchange, type Judge } from '@xem/router/contract';
import { systemClock } from '@xem/runtime';
import { openApiDocument } from '@xem/router/openapi';
import { OPERATIONS } from '@xem/protocol';
import { z } from 'zod';
import { call } from '../mesh/api.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { metricsUrlOf } from '../mesh/metrics-url.ts';
import { bodyOf, judgeError } from './judge-error.ts';
import { mend, mintFuzzKeys } from './keys.ts';
import { watchLoop, type LoopDelays } from './loop-delay.ts';
import { requestsOf, type FuzzRequest } from './request.ts';
import { rightRequests, type RightRequests } from './right.ts';
import { sendRaw, type Outcome } from './send.ts';
import { residentMiB, watchHealth, type Vitals } from './vitals.ts';

/** What a run found. */
export interface FuzzReport extends Vitals {
  readonly seed: number;
  readonly requests: number;
  /** Operations that never answered with success. */
  readonly unanswered: readonly string[];
  readonly loop: LoopDelays;
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What must not be, each once, with a request that shows it. */
  readonly breaches: readonly string[];
}

/** What a mesh is started with that is to be sent random requests. */
export const FUZZ_ENV = { XEM_METRICS_PORT: '0', XEM_WEBHOOK_ALLOW_PRIVATE: 'true' };

const BATCH = 64;
/** So many operations have their right request made anew after each batch: what it was about may be used up. */
const RENEWED = 2;
const AT_ONCE = 8;
const WORDS_MAX = 2000;
const SHOWN_MAX = 500;

const Hooks = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

/** The words within an answer that other requests may name. */
function* wordsIn(value: unknown): Generator<string> {
  if (typeof value === 'string' && value.length <= 80) yield value;
  if (typeof value === 'object' && value !== null)
    for (const each of Object.values(value)) yield* wordsIn(each);
}

const show = ({ method, target, key, headers, body }: FuzzRequest): string =>
  `${method} ${target.slice(0, SHOWN_MAX)} key ${key} ${JSON.stringify(headers)} ${(body ?? '').toString().slice(0, SHOWN_MAX)}`;

interface Run {
  readonly mesh: Mesh;
  readonly judge: Judge;
  readonly keys: readonly string[];
  /** Words of the mesh that requests may name, but for those that the run itself lives by. */
  readonly words: Set<string>;
  readonly spared: ReadonlySet<string>;
  readonly statuses: Map<number, number>;
  readonly answered: Set<string>;
  readonly breaches: Map<string, string>;
}

function learn({ words, spared }: Run, exchange: Exchange): void {
  if (exchange.status >= 300) return;
  for (const word of wordsIn(bodyOf(exchange))) if (!spared.has(word)) words.add(word);
  for (const word of words) {
    if (words.size <= WORDS_MAX) break;
    words.delete(word);
  }
}

function judgeOutcome({ judge, answered }: Run, outcome: Outcome): readonly string[] {
  if (!('failed' in outcome)) {
    const { operation, breaches } = judge(outcome);
    if (operation !== null && outcome.status < 300) answered.add(operation);
    return [...breaches, ...judgeError(outcome)].map((breach) => `${operation ?? 'no operation'}: ${breach}`);
  }
  return /ECONNRESET|EPIPE|socket hang up/.test(outcome.failed) ? [] : [`no answer: ${outcome.failed}`];
}

async function tryOne(run: Run, asked: FuzzRequest): Promise<void> {
  const key = asked.key === null ? null : (run.keys[asked.key] ?? null);
  const outcome = await sendRaw(run.mesh.facts.router_url, asked, key);
  if (!('failed' in outcome)) {
    run.statuses.set(outcome.status, (run.statuses.get(outcome.status) ?? 0) + 1);
    learn(run, outcome);
  }
  for (const breach of judgeOutcome(run, outcome)) {
    const kind = breach.replaceAll(/[0-9a-f]{8,}|\d+/g, '#');
    if (!run.breaches.has(kind)) run.breaches.set(kind, `${breach}\n    ${show(asked)}`);
  }
}

async function tryAll(run: Run, requests: readonly FuzzRequest[]): Promise<void> {
  const waiting = [...requests];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await tryOne(run, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A project that may send nothing lets nobody in to mend it. */
const endsRun = ({ target, body }: FuzzRequest): boolean =>
  target.includes('/management/project') && (body?.includes('"rate"') ?? false);

/** Sends each operation the request that it must answer, before anything else has touched the mesh. */
async function sendRight(run: Run, { makers }: RightRequests): Promise<void> {
  for (const make of makers) await tryOne(run, await make());
}

/** Webhooks that lead nowhere would be tried at every event of the run. */
async function dropWebhooks(mesh: Mesh): Promise<void> {
  const { body } = await call(mesh, { path: '/v1/webhooks?limit=100' });
  for (const { id } of Hooks.parse(body).data)
    await call(mesh, { method: 'DELETE', path: `/v1/webhooks/${id}` });
}

/** Sends random requests for a time; answers how many. */
async function sendRandom(run: Run, right: RightRequests, { seed, forMs }: FuzzOptions): Promise<number> {
  const { keys, words, mesh } = run;
  const requests = requestsOf(openApiDocument('0.1.0'), {
    words: () => [...words],
    right: right.inputs,
    keys: keys.length,
  });
  const clock = systemClock();
  const endsAt = clock.monotonic() + forMs;
  let batches = 0;
  while (clock.monotonic() < endsAt) {
    const sample = fc.sample(requests, { seed: seed + batches, numRuns: BATCH });
    await tryAll(
      run,
      sample.filter((asked) => !endsRun(asked)),
    );
    batches += 1;
    await mend(mesh);
    const anew = Array.from({ length: RENEWED }, (_, nth) => batches * RENEWED + nth);
    // What the run has done to the mesh may stand in the way; what was right once is still worth sending.
    for (const at of anew) await right.makers[at % right.makers.length]?.().catch(() => undefined);
  }
  return batches * BATCH;
}

interface FuzzOptions {
  readonly seed: number;
  readonly forMs: number;
}

/** Sends requests made from the document to a mesh for a time. */
export async function fuzz(mesh: Mesh, options: FuzzOptions): Promise<FuzzReport> {
  const keys = await mintFuzzKeys(mesh);
  const run: Run = {
    mesh,
    judge: createJudge(openApiDocument('0.1.0')),
    keys: keys.values,
    words: new Set([mesh.facts.workspace_id, 'demo_echo', 'demo_effect', 'demo_sleep', 'demo_fail']),
    spared: keys.spared,
    statuses: new Map(),
    answered: new Set(),
    breaches: new Map(),
  };
  const right = rightRequests(mesh);
  const health = watchHealth(mesh.facts.router_url);
  const loop = await watchLoop(metricsUrlOf(mesh));
  await sendRight(run, right);
  await dropWebhooks(mesh);
  const random = await sendRandom(run, right, options);
  right.close();
  const { statuses, breaches, answered } = run;
  return {
    seed: options.seed,
    requests: right.makers.length + random,
    unanswered: OPERATIONS.flatMap(({ id }) => (answered.has(id) ? [] : [id])),
    statuses,
    breaches: [...breaches.values()],
    residentMiB: residentMiB(mesh.facts.pids.router),
    slowestHealthMs: await health.stop(),
    loop: await loop.stop(),
  };
}

/** A report in words. */
export function sayReport(report: FuzzReport): string {
  const { seed, requests, unanswered, statuses, breaches, residentMiB: mib, slowestHealthMs, loop } = report;
  const counted = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}×${count}`);
  return [
    ...breaches.map((breach) => `breach: ${breach}`),
    `never with success: ${unanswered.join(' ')}`,
    `event loop: half of ${loop.looks} seconds within ${loop.half} s, all within ${loop.longest} s`,
    `seed ${seed}: ${requests} requests, ${counted.join(' ')}; router ${mib} MiB, slowest /healthz ${slowestHealthMs} ms; ${breaches.length} breaches`,
  ].join('\n');
}

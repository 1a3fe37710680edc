import fc from 'fast-check';
import { createJudge, type Exchange, type Judge } from '@xem/router/contract';
import { systemClock } from '@xem/runtime';
import { typeOfStatus } from '@xem/errors';
import { openApiDocument } from '@xem/router/openapi';
import { z } from 'zod';
import type { Mesh } from '../mesh/mesh.ts';
import { mend, mintFuzzKeys } from './keys.ts';
import { requestsOf, type FuzzRequest } from './request.ts';
import { sendRaw, type Outcome } from './send.ts';
import { residentMiB, watchHealth, type Vitals } from './vitals.ts';

/** What a run found. */
export interface FuzzReport extends Vitals {
  readonly seed: number;
  readonly requests: number;
  /** How many operations answered with success. */
  readonly answered: number;
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  /** What must not be, each once, with a request that shows it. */
  readonly breaches: readonly string[];
}

const BATCH = 64;
const AT_ONCE = 8;
const WORDS_MAX = 2000;
const SHOWN_MAX = 500;

const Envelope = z.object({
  error: z.looseObject({ code: z.string(), type: z.string(), param: z.string().nullable() }),
});

const parsed = ({ body, headers }: Exchange): unknown =>
  body?.length && headers.get('content-type')?.startsWith('application/json')
    ? JSON.parse(Buffer.from(body).toString('utf8'))
    : null;

const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;
const PARAMETER = /^[^/]{1,}$/;

/** What the document does not say: the type that goes with a status, and the form of `param`. */
function judgeError(exchange: Exchange): readonly string[] {
  const { status, method } = exchange;
  if (status < 400 || method === 'HEAD') return [];
  if (status >= 500 && status !== 503) return [`status ${status}`];
  const { data } = Envelope.safeParse(parsed(exchange));
  if (!data) return [];
  const { type, param } = data.error;
  const wrongType = type === typeOfStatus(status) ? [] : [`type ${type} with ${status}`];
  const isParam = param === null || POINTER.test(param) || PARAMETER.test(param);
  return isParam ? wrongType : [...wrongType, `param ${param}`];
}

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
  for (const word of wordsIn(parsed(exchange))) if (!spared.has(word)) words.add(word);
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

/** Sends requests made from the document to a mesh for a time. */
export async function fuzz(
  mesh: Mesh,
  { seed, forMs }: { readonly seed: number; readonly forMs: number },
): Promise<FuzzReport> {
  const clock = systemClock();
  const document = openApiDocument('0.1.0');
  const keys = await mintFuzzKeys(mesh);
  const run: Run = {
    mesh,
    judge: createJudge(document),
    keys: keys.values,
    words: new Set([mesh.facts.workspace_id, 'demo_echo', 'demo_effect', 'demo_sleep', 'demo_fail']),
    spared: keys.spared,
    statuses: new Map(),
    answered: new Set(),
    breaches: new Map(),
  };
  const requests = requestsOf(document, { words: () => [...run.words] }, run.keys.length);
  const health = watchHealth(mesh.facts.router_url);
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
  }
  const slowestHealthMs = await health.stop();
  const { statuses, breaches } = run;
  return {
    seed,
    requests: batches * BATCH,
    answered: run.answered.size,
    statuses,
    breaches: [...breaches.values()],
    residentMiB: residentMiB(mesh.facts.pids.router),
    slowestHealthMs,
  };
}

/** A report in words. */
export function sayReport(report: FuzzReport): string {
  const { seed, requests, answered, statuses, breaches, residentMiB: mib, slowestHealthMs } = report;
  const counted = [...statuses].toSorted(([a], [b]) => a - b).map(([status, count]) => `${status}×${count}`);
  return [
    ...breaches.map((breach) => `breach: ${breach}`),
    `seed ${seed}: ${requests} requests, ${answered} operations with success, ${counted.join(' ')}; router ${mib} MiB, slowest /healthz ${slowestHealthMs} ms; ${breaches.length} breaches`,
  ].join('\n');
}

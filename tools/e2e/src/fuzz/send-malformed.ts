import { createJudge, type Exchange, type Judge } from '@xem/router/contract';
import { openApiDocument } from '@xem/router/openapi';
import { z } from 'zod';
import type { Mesh } from '../mesh/mesh.ts';
import { NOBODY } from '../operation/nobody.ts';
import { requestFor, subjects } from '../operation/subject.ts';
import { bodyOf, judgeError } from './judge-error.ts';
import { mend, mintFuzzKeys } from './keys.ts';
import { MALFORMED, malformedBytes } from './malformed.ts';
import { sendBytes, type RawOutcome } from './raw-answer.ts';

const AT_ONCE = 8;

/** What somebody was answered who sends malformed requests. */
export interface MalformedReport {
  readonly requests: number;
  /** How often each status was answered; `closed` where the connection ended without one. */
  readonly answers: ReadonlyMap<string, number>;
  readonly breaches: readonly string[];
}

interface Try {
  readonly name: string;
  readonly route: { readonly method: string; readonly path: string; readonly key: string };
}

/** What a request may be refused with that no route of the document takes, or another than it is made from. */
const OUTSIDE =
  /^(?:authentication_required|invalid_body|invalid_workspace_id|method_not_allowed|payload_too_large|\w+_not_found)$/;

const Refusal = z.object({ error: z.looseObject({ code: z.string() }) });

/** Judges an answer to a request whose method or target is not that of an operation. */
function judgeOutside(exchange: Exchange): readonly string[] {
  const { status, headers } = exchange;
  const { data } = Refusal.safeParse(bodyOf(exchange));
  if (!data || !OUTSIDE.test(data.error.code))
    return [`answered ${status} ${data?.error.code ?? 'by no envelope'}`];
  return headers.has('x-request-id') ? [] : ['without a request id'];
}

/** What must not be: no answer to somebody who waits for one, success for what is wrong, and what no document has. */
function judgeOutcome(judge: Judge, name: string, outcome: RawOutcome): readonly string[] {
  const { isOdd = false, hangsUp = false, method, target } = MALFORMED[name] ?? {};
  if (outcome === 'hangs') return ['no answer'];
  if (outcome === 'closed') return hangsUp ? [] : ['closed without an answer'];
  const { status } = outcome;
  const taken = !isOdd && status < 400 ? [`${status} for what is wrong`] : [];
  const isOutside = !isOdd && (method ?? target) !== undefined;
  const breaches = isOutside ? judgeOutside(outcome) : judge(outcome).breaches;
  return [...taken, ...breaches, ...judgeError(outcome)];
}

/** Sends every route every malformed request, a few at one time. */
export async function sendMalformed(mesh: Mesh): Promise<MalformedReport> {
  const judge = createJudge(openApiDocument('0.1.0'));
  const { values } = await mintFuzzKeys(mesh);
  const [key = ''] = values;
  const waiting: Try[] = subjects().flatMap((subject) => {
    const { method, path } = requestFor(subject, NOBODY);
    return Object.keys(MALFORMED).map((name) => ({ name, route: { method, path, key } }));
  });
  const requests = waiting.length;
  const answers = new Map<string, number>();
  const breaches: string[] = [];
  const tryOne = async ({ name, route }: Try): Promise<void> => {
    const how = MALFORMED[name] ?? {};
    const method = how.method ?? route.method;
    const bytes = malformedBytes(how, route);
    const hangsUp = how.hangsUp ?? false;
    const asked = { method, target: route.path, bytes, hangsUp };
    const outcome = await sendBytes(mesh.facts.router_url, asked);
    const answer = typeof outcome === 'string' ? outcome : String(outcome.status);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
    for (const breach of judgeOutcome(judge, name, outcome))
      breaches.push(`${route.method} ${route.path}, ${name}: ${breach}`);
  };
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await tryOne(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await mend(mesh);
  return { requests, answers, breaches };
}

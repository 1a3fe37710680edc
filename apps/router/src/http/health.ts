import { ExecError } from '@xem/errors';
import { answerJson } from './answer.ts';
import type { Exchange } from './edge.ts';

/** Answers as long as the process runs. */
export const answerHealth = (exchange: Exchange): Response => answerJson(exchange, 200, { status: 'ok' });

/** Answers 200 when every part the router needs is ready, and 503 with the parts otherwise. */
export async function answerReadiness(exchange: Exchange): Promise<Response> {
  const { refusing, readiness, services } = exchange.edge;
  const parts = await readiness().catch((err: unknown) => {
    services.log.error('http.readiness_failed', { err });
    throw new ExecError('unavailable', 'readiness could not be told', { cause: err });
  });
  const all: Readonly<Record<string, boolean>> = { ...parts, accepting: !refusing.aborted };
  const ready = Object.values(all).every(Boolean);
  return answerJson(exchange, ready ? 200 : 503, { status: ready ? 'ready' : 'not_ready', parts: all });
}

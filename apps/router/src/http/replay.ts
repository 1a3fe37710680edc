import type { TopUp } from '@xem/domain';
import { answerJson } from './answer.ts';
import type { Answer } from './bind.ts';

/** Says of an answer that it is that of a request before: nothing was done now. */
export function markReplayed({ headers }: Parameters<Answer<unknown>>[0]): void {
  headers['idempotent-replayed'] = 'true';
}

/** Answers a project that was granted credits, now or by the same request before. */
export const answerTopUp: Answer<TopUp> = (request, { kind, body }) => {
  if (kind === 'replayed') markReplayed(request);
  return answerJson(request, 200, body);
};

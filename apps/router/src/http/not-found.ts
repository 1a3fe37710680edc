import { ExecError } from '@xem/errors';
import type { Hono } from 'hono';
import { answerError } from './answer.ts';
import { openExchange } from './bind.ts';
import type { Edge, HttpContext, HttpEnv } from './edge.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

function allowedMethods({ router }: Hono<HttpEnv>, path: string): readonly string[] {
  const taken = METHODS.filter((method) => router.match(method, path)[0].length > 0);
  return taken.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
}

/** Answers what no route takes: 405 with `Allow` where another method would do, else 404. */
export function refuseRoutes(app: Hono<HttpEnv>, edge: Edge): void {
  app.notFound((c: HttpContext) => {
    const exchange = openExchange(edge, c);
    const allowed = allowedMethods(app, c.req.path);
    if (allowed.length === 0) {
      return answerError(edge, exchange, new ExecError('route_not_found', `there is no route ${c.req.path}`));
    }
    exchange.headers['allow'] = allowed.join(', ');
    const refusal = new ExecError('method_not_allowed', `${c.req.path} does not take ${c.req.method}`);
    return answerError(edge, exchange, refusal);
  });
  app.onError((err, c) => answerError(edge, openExchange(edge, c), err));
}

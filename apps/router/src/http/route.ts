import type { Hono } from 'hono';
import { answerError } from './answer.ts';
import { openExchange } from './bind.ts';
import type { Edge, Exchange, HttpEnv } from './edge.ts';

/** A route outside the table of operations: health, documents, pages. */
export interface Route {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly answer: (exchange: Exchange) => Promise<Response> | Response;
}

/** Mounts a route that names no caller. */
export function serveAt(app: Hono<HttpEnv>, edge: Edge, { method = 'GET', path, answer }: Route): void {
  app.on(method, path, async (c) => {
    const exchange = openExchange(edge, c);
    try {
      return await answer(exchange);
    } catch (err) {
      return answerError(edge, exchange, err);
    }
  });
}

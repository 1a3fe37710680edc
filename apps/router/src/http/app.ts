import type { Services } from '@xem/domain';
import { Hono } from 'hono';
import { bind, type Binding } from './bind.ts';
import { BINDINGS } from './bindings.ts';
import { documents } from './document/documents.ts';
import type { Edge, HttpEnv, HttpOptions } from './edge.ts';
import { answerHealth, answerReadiness } from './health.ts';
import { answerMetrics } from './metrics.ts';
import { createRateGate } from './middleware/rate-limit.ts';
import { createStrangers } from './middleware/strangers.ts';
import { refuseRoutes } from './not-found.ts';
import { PAGES } from './page/pages.ts';
import { serveAt } from './route.ts';
import { createFeed } from './stream/feed.ts';

/** The HTTP API of a router. */
export interface HttpApp {
  readonly hono: Hono<HttpEnv>;
  /** Refuses new requests with `unavailable` and ends streams; waits go on. */
  refuse(): void;
  /** Answers waits with what there is, too. */
  drain(): void;
  /** Stops listening to the store. */
  close(): void;
}

/** Routes without a parameter come first: of two that match, the first bound answers. */
const byPath = (a: Binding, b: Binding): number =>
  Number(a.operation.path.includes(':')) - Number(b.operation.path.includes(':'));

/** Makes the HTTP API out of the services that verbs run with. */
export function createHttpApp(services: Services, options: HttpOptions): HttpApp {
  const refusing = new AbortController();
  const draining = new AbortController();
  const feed = createFeed(services);
  const edge: Edge = {
    ...options,
    services,
    feed,
    rateGate: createRateGate(services.clock),
    strangers: createStrangers(services.clock, options.unauthenticatedPerMinute),
    refusing: refusing.signal,
    draining: draining.signal,
  };
  const app = new Hono<HttpEnv>();
  for (const binding of BINDINGS.toSorted(byPath)) bind(app, edge, binding);
  serveAt(app, edge, { path: '/healthz', answer: answerHealth });
  serveAt(app, edge, { path: '/readyz', answer: answerReadiness });
  serveAt(app, edge, { path: '/metrics', answer: answerMetrics });
  for (const route of [...PAGES, ...documents(services.settings.version)]) serveAt(app, edge, route);
  refuseRoutes(app, edge);
  const refuse = (): void => refusing.abort();
  const drain = (): void => {
    refuse();
    draining.abort();
  };
  return { hono: app, refuse, drain, close: () => feed.close() };
}

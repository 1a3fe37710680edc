import type { HttpBindings } from '@hono/node-server';
import type { Credential, Services, VerbContext } from '@xem/domain';
import type { Tracing } from '@xem/runtime/tracing';
import type { Context } from 'hono';
import type { RateGate } from './middleware/rate-limit.ts';
import type { Strangers } from './middleware/strangers.ts';
import type { Meters } from '../metrics/meters.ts';
import type { PostMessage } from '../webhook/post.ts';
import type { Feed } from './stream/feed.ts';
import type { Trail } from './trail.ts';

/** What Hono knows of a request; `incoming` is absent when a test calls the app without a socket. */
export interface HttpEnv {
  Bindings: Partial<HttpBindings>;
}

export type HttpContext = Context<HttpEnv>;

/** What the HTTP edge is told from outside. */
export interface HttpOptions {
  readonly meters: Meters;
  /** Where spans of requests go; null when nobody collects them. */
  readonly tracing: Tracing | null;
  /** The largest request body, in bytes. */
  readonly bodyBytesMax: number;
  /** Requests without a valid key that one address may send in a minute. */
  readonly unauthenticatedPerMinute: number;
  /** Where a request came from. */
  readonly addressOf: (c: HttpContext) => string | undefined;
  /** Parts that must be ready before the router takes work, by name; read by `/readyz`. */
  readonly readiness: () => Promise<Readonly<Record<string, boolean>>>;
  /** Sends test calls of webhooks. */
  readonly post: PostMessage;
}

/** What every route works with; made once. */
export interface Edge extends HttpOptions {
  readonly services: Services;
  readonly rateGate: RateGate;
  readonly strangers: Strangers;
  readonly feed: Feed;
  /** Aborts when the router begins to stop: streams end, new requests are refused. */
  readonly refusing: AbortSignal;
  /** Aborts when the router stops to wait: callers that wait are answered with what there is. */
  readonly draining: AbortSignal;
}

/** One request on its way; `headers` go out with whatever is answered. */
export interface Exchange {
  readonly edge: Edge;
  readonly c: HttpContext;
  readonly requestId: string;
  readonly headers: Record<string, string>;
  readonly trail: Trail;
  /** How many changes of keys and principals there were when it came in. */
  readonly accessSeq: number;
}

/** A request that passed the checks of its caller. */
export interface Admitted extends Exchange {
  readonly ctx: VerbContext;
  /** Looks at pins and addresses again, once they may have changed. @throws ExecError endpoint_restricted */
  readonly assertReach: (bounds: Pick<Credential, 'endpoints' | 'ipAllow'>) => void;
}

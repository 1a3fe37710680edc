import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { z } from 'zod';
import { until } from './mesh.ts';

const Attribute = z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) });

const Span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  status: z.object({ code: z.number().optional(), message: z.string().optional() }).optional(),
});

const Traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(Attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
});

/** A span as a collector gets it, and the program it came from. */
type CollectedSpan = z.infer<typeof Span> & { readonly service: string };

/** A collector of OpenTelemetry that keeps what it is sent. */
export interface TraceCollector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  /** Everything that was sent, as it was sent. */
  readonly text: () => string;
  /** The span of a trace whose name begins so, as soon as it is there. */
  find(traceId: string, name: string): Promise<CollectedSpan>;
  close(): void;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}

const spansIn = (text: string): readonly CollectedSpan[] =>
  Traces.parse(JSON.parse(text)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value['stringValue'];
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service: String(service) })));
  });

/** Opens a collector that takes OTLP/HTTP in JSON on a port of its own. */
export async function openTraceCollector(): Promise<TraceCollector> {
  const bodies: string[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await bodyOf(request);
    if (request.url === '/v1/traces') bodies.push(text);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  const server = createServer((request, response) => {
    void take(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const matching = (traceId: string, name: string): CollectedSpan | undefined =>
    bodies.flatMap(spansIn).find((span) => span.traceId === traceId && span.name.startsWith(name));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    text: () => bodies.join('\n'),
    find: async (traceId, name) => {
      await until(`the span ${name} of ${traceId}`, () => matching(traceId, name) !== undefined);
      const span = matching(traceId, name);
      if (!span) throw new Error(`the span ${name} is gone`);
      return span;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

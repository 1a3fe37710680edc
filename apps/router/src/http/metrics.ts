import { admission } from './admit.ts';
import type { Exchange } from './edge.ts';
import { identify } from './identify.ts';

const admit = admission({ id: 'metrics.read', scope: 'management' });

/**
 * Answers what Prometheus reads of the project of the key: no word of another project, and none of the router's own
 * series, which speak of all of them. @throws ExecError as every request, scope_insufficient
 */
export async function answerMetrics(exchange: Exchange): Promise<Response> {
  const { headers, ctx } = await admit(exchange, await identify(exchange), 'rest');
  const { contentType, text } = await exchange.edge.meters.ofProject(ctx.projectId);
  return new Response(text, { headers: { ...headers, 'content-type': contentType } });
}

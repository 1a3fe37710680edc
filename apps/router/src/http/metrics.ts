import { authenticate } from '@xem/domain';
import { admission } from './admit.ts';
import type { Exchange } from './edge.ts';
import { bearerOf } from './middleware/bearer.ts';

const admit = admission({ id: 'metrics.read', scope: 'management' });

/**
 * Answers what Prometheus reads of the project of the key: no word of another project, and none of the router's own
 * series, which speak of all of them. @throws ExecError as every request, scope_insufficient
 */
export async function answerMetrics(exchange: Exchange): Promise<Response> {
  const { edge, c } = exchange;
  const caller = await authenticate(edge.services, bearerOf(c.req.header('authorization')));
  const { headers, ctx } = await admit(exchange, caller, 'rest');
  const { contentType, text } = await edge.meters.ofProject(ctx.projectId);
  return new Response(text, { headers: { ...headers, 'content-type': contentType } });
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation } from '@xem/protocol';
import { afterAll, beforeAll, expect } from 'vitest';
import { send } from '../mesh/api.ts';
import { run } from '../mesh/invoke.ts';
import { meshDir, removeMesh, startMesh, type Mesh } from '../mesh/mesh.ts';
import { openTraceCollector, type TraceCollector } from '../mesh/trace-collector.ts';
import { proves } from '../proves.ts';

const BUNDLE = `
tools:
  - name: trace_show
    description: Print the trace that the tool is in.
    risk: read
    parameters: { type: object, properties: { note: { type: string } }, additionalProperties: false }
    command: { run: [sh, -c, 'printf %s "$TRACEPARENT"'] }
`;

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT_SPAN = '00f067aa0ba902b7';
const NOTE = 'a-note-that-no-trace-holds';

let mesh: Mesh;
let collector: TraceCollector;

beforeAll(async () => {
  const dir = await meshDir();
  mkdirSync(join(dir, 'tools', 'trace'), { recursive: true });
  writeFileSync(join(dir, 'tools', 'trace', 'bundle.yaml'), BUNDLE);
  collector = await openTraceCollector();
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_BSP_SCHEDULE_DELAY: '60000' };
  mesh = await startMesh(dir, env);
});

afterAll(async () => {
  await mesh.stop();
  await removeMesh(mesh.dir);
  collector.close();
});

async function shown({ execution_id: id }: Invocation): Promise<{ traceId: string; spanId: string }> {
  const text = await (await send(mesh, { path: `/v1/exec/executions/${id}/raw` })).text();
  const [, traceId = '', spanId = ''] = text.split('-');
  return { traceId, spanId };
}

const ask = (headers: Readonly<Record<string, string>>): Promise<Invocation> =>
  run(mesh, { tool: 'trace_show', args: { note: NOTE }, headers });

proves('traces.whole', 'request, call, dispatch, run and tool, and a stop sends what is left', async () => {
  const given = await ask({ traceparent: `00-${TRACE_ID}-${CLIENT_SPAN}-01` });
  const made = await ask({});
  const unsampled = await ask({ traceparent: `00-${'a'.repeat(32)}-${CLIENT_SPAN}-00` });
  const tools = { given: await shown(given), made: await shown(made), unsampled: await shown(unsampled) };
  // Nothing is sent before the batch is due but by the stop of each program.
  expect(collector.text()).toBe('');
  await mesh.stop();
  expect(given.trace_id).toBe(TRACE_ID);
  for (const [call, tool, first] of [
    [given, tools.given, CLIENT_SPAN],
    [made, tools.made, undefined],
  ] as const) {
    const traceId = call.trace_id ?? '';
    const request = await collector.find(traceId, 'POST /v1/exec/invocations');
    const invocation = await collector.find(traceId, 'call trace_show');
    const dispatch = await collector.find(traceId, 'dispatch trace_show');
    const ran = await collector.find(traceId, 'run trace_show');
    expect([request, invocation, dispatch, ran].map(({ parentSpanId }) => parentSpanId)).toEqual([
      first,
      request.spanId,
      invocation.spanId,
      dispatch.spanId,
    ]);
    expect([request.service, ran.service]).toEqual(['xem-router', 'xem-agent']);
    expect(tool).toEqual({ traceId, spanId: ran.spanId });
  }
  expect(tools.unsampled).toEqual({ traceId: 'a'.repeat(32), spanId: expect.any(String) });
  expect(collector.text()).not.toContain('a'.repeat(32));
  expect(collector.text()).not.toContain(NOTE);
});

import { expect, test } from 'vitest';
import { silentLog } from '../log.ts';
import { seededIds, virtualClock } from '../testing/index.ts';
import { childContext, openTracing } from './tracing.ts';

const GIVEN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';

test.each([
  {},
  { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
  { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' },
])('openTracing collects nothing where the environment is %j', async (env) => {
  expect(await openTracing({ service: 's', version: '1', log: silentLog, env })).toBeNull();
});

test('childContext stands below the span it is given, and keeps its trace', () => {
  expect(childContext(seededIds(virtualClock()), GIVEN)).toEqual({
    context: {
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      isSampled: false,
    },
    parentSpanId: '00f067aa0ba902b7',
  });
});

test('childContext begins a trace where there is none', () => {
  expect(childContext(seededIds(virtualClock()), null)).toEqual({
    context: {
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      isSampled: true,
    },
    parentSpanId: null,
  });
});

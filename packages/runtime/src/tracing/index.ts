export {
  readTraceparent,
  spanIdOf,
  traceparentAt,
  writeTraceparent,
  type TraceContext,
} from './trace-context.ts';
export { childContext, openTracing, type Tracing } from './tracing.ts';

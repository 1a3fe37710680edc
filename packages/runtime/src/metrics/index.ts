export { createCount, type Count } from './count.ts';
export { expose, processRegistry, summed, type Exposition } from './exposition.ts';
export { watchLoopDelay } from './loop-delay.ts';
export { openSeries, type Reading, type Series } from './series.ts';
export { serveMetrics } from './serve.ts';

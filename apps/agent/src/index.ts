export { createMask, NO_MASK, type Mask } from './run/mask.ts';
export type { OutputChunk, Run, RunEnd, RunOutput } from './run/run.ts';
export { createRunner, type Runner, type RunRequest } from './run/runner.ts';

export { BundleError, describeProblem, type BundleProblem } from './bundle/bundle-error.ts';
export { loadBundles, type BundleOptions, type Bundles } from './bundle/load.ts';
export type { RunnableTool, ToolAttempt, ToolCall } from './bundle/tool.ts';
export { createMask, NO_MASK, type Mask } from './run/mask.ts';
export type { OutputChunk, Run, RunEnd, RunOutput } from './run/run.ts';
export { createRunner, type Runner, type RunRequest } from './run/runner.ts';

export { VERBS } from './command/table.ts';
export type { Io, Sink, Source } from './io.ts';
export { run } from './run.ts';

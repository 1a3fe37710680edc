export type { AnyCommand } from './command/command.ts';
export type { Entry, Verb } from './command/entry.ts';
export { GLOBALS } from './command/globals.ts';
export { ENTRIES, VERBS } from './command/table.ts';
export type { Io, Sink, Source } from './io.ts';
export { run } from './run.ts';

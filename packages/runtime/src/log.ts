import { destination, pino } from 'pino';

/** Facts of a log line. Never a secret, never what a tool wrote. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A structured log: the event's name follows the journal's grammar (`invocation.dispatched`), then come fields. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** A log that adds these fields to every line. */
  child(fields: LogFields): Log;
}

/** Levels of `createLog`, from loudest to silent. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

interface LogOptions {
  readonly name: string;
  readonly level: LogLevel;
  /** 2, standard error, by default: standard output belongs to what a program answers. */
  readonly fd?: number;
}

const REDACTED = ['value', 'key', 'token', 'secret', 'join_key', 'authorization', 'args'].flatMap((name) => [
  name,
  `*.${name}`,
]);

type Sink = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

function wrap(sink: Sink): Log {
  return {
    debug: (event, fields = {}) => sink.debug(fields, event),
    info: (event, fields = {}) => sink.info(fields, event),
    warn: (event, fields = {}) => sink.warn(fields, event),
    error: (event, fields = {}) => sink.error(fields, event),
    child: (fields) => wrap(sink.child(fields)),
  };
}

/** A log of JSON lines. An `err` field is written with its stack and its causes. */
export function createLog({ name, level, fd = 2 }: LogOptions): Log {
  const options = { base: { program: name }, level, messageKey: 'event', redact: REDACTED };
  return wrap(pino(options, destination({ fd, sync: true })));
}

/** A log that says nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
};

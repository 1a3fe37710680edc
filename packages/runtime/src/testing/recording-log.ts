import type { Log, LogFields } from '../log.ts';

/** A line that a recording log kept. */
export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: LogFields;
}

/** A log that keeps its lines for a test to read. */
export function recordingLog(
  lines: LoggedLine[] = [],
  bound: LogFields = {},
): Log & { readonly lines: LoggedLine[] } {
  const keep =
    (level: LoggedLine['level']) =>
    (event: string, fields: LogFields = {}): void => {
      lines.push({ level, event, fields: { ...bound, ...fields } });
    };
  return {
    lines,
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    child: (fields) => recordingLog(lines, { ...bound, ...fields }),
  };
}

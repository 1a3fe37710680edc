import { ClientError } from '@xem/client';
import { EXIT, exitOfError, Interrupted, UsageError, WatchDeadline } from './exit.ts';
import type { Io } from './io.ts';
import { toJson } from './render/document.ts';
import { visible } from './render/escape.ts';
import { NotSent } from './session.ts';

interface Report {
  readonly lines: readonly string[];
  readonly exit: number;
}

const isClosedPipe = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');

function clientReport(error: ClientError): Report {
  const { code, param, requestId, row, status } = error;
  const at = [
    status === null ? [] : `HTTP ${status}`,
    param ?? [],
    requestId === null ? [] : `request ${requestId}`,
  ];
  const where = at.flat().length > 0 ? ` (${at.flat().join(', ')})` : '';
  const fix = row ? [`  ${row.fix}`] : [];
  return { lines: [`${code}: ${error.message}${where}`, ...fix], exit: exitOfError(error) };
}

function reportOf(error: unknown): Report {
  if (error instanceof ClientError) return clientReport(error);
  if (error instanceof UsageError) return { lines: [error.message], exit: EXIT.usage };
  if (error instanceof WatchDeadline) return { lines: [error.message], exit: EXIT.deadline };
  if (error instanceof Interrupted) return { lines: [], exit: EXIT.interrupted };
  const message = error instanceof Error ? error.message : String(error);
  return {
    lines: [`unexpected: ${message}`, '  Run it again with --debug to see where.'],
    exit: EXIT.failed,
  };
}

/** Tells on standard error what went wrong, and returns what the program ends with. */
export async function report(io: Io, error: unknown, debug: boolean): Promise<number> {
  if (isClosedPipe(error)) return EXIT.ok;
  if (error instanceof NotSent) {
    const { method, url, body } = error.request;
    const sent = body === undefined ? {} : { body: JSON.parse(body) as unknown };
    await io.stdout.write(toJson({ dry_run: true, method, url, ...sent }));
    return EXIT.ok;
  }
  const { lines, exit } = reportOf(error);
  const [first, ...more] = lines.map(visible);
  if (first !== undefined) await io.stderr.write([`xeroctl: ${first}`, ...more, ''].join('\n'));
  if (debug && error instanceof Error)
    await io.stderr.write(
      `${error.stack ?? ''}\n${error.cause instanceof Error ? `caused by ${error.cause.stack}\n` : ''}`,
    );
  return exit;
}

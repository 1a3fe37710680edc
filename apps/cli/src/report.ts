import { ClientError } from '@xem/client';
import { EXIT, exitOfError, Interrupted, UsageError, WatchDeadline } from './exit.ts';
import { flagOf, type Asked } from './flag-of.ts';
import type { Io } from './io.ts';
import { remedyOf } from './remedy.ts';
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

/** What a message says, with what was written in the place of the member of the request that it begins with. */
function messageOf({ message, param }: ClientError, written: string | null): string {
  if (param === null || written === null) return message;
  const named = [param, param.replace('/', '')].find(
    (name) => name !== '' && message.startsWith(name) && !/\w/.test(message.charAt(name.length)),
  );
  return `${written}: ${named === undefined ? message : message.slice(named.length).replace(/^:? /, '')}`;
}

function clientReport(error: ClientError, asked: Asked | null): Report {
  const { code, param, requestId, retryAfterSeconds: pause, row, status } = error;
  const written = param === null || asked === null ? null : flagOf(param, asked);
  const at = [
    status === null ? [] : `HTTP ${status}`,
    written === null ? (param ?? []) : [],
    requestId === null ? [] : `request ${requestId}`,
  ];
  const where = at.flat().length > 0 ? ` (${at.flat().join(', ')})` : '';
  const wait = pause === null ? [] : [`  It may be tried again in ${pause} s.`];
  const fix = remedyOf(code) ?? row?.fix;
  const lines = [`${code}: ${messageOf(error, written)}${where}`, ...(fix ? [`  ${fix}`] : []), ...wait];
  return { lines, exit: exitOfError(error) };
}

function reportOf(error: unknown, asked: Asked | null): Report {
  if (error instanceof ClientError) return clientReport(error, asked);
  if (error instanceof UsageError) return { lines: [error.message], exit: EXIT.usage };
  if (error instanceof WatchDeadline) return { lines: [error.message], exit: EXIT.deadline };
  if (error instanceof Interrupted) return { lines: [], exit: EXIT.interrupted };
  const message = error instanceof Error ? error.message : String(error);
  return {
    lines: [`unexpected: ${message}`, '  Run it again with --debug to see where.'],
    exit: EXIT.failed,
  };
}

/** How much is told of an error. */
interface Reporting {
  readonly debug: boolean;
  /** The command that failed; null when none was found. */
  readonly asked: Asked | null;
}

/** Tells on standard error what went wrong, and returns what the program ends with. */
export async function report(io: Io, error: unknown, { debug, asked }: Reporting): Promise<number> {
  if (isClosedPipe(error)) return EXIT.ok;
  if (error instanceof NotSent) {
    const { method, url, body } = error.request;
    const sent = body === undefined ? {} : { body: JSON.parse(body) as unknown };
    await io.stdout.write(toJson({ dry_run: true, method, url, ...sent }));
    return EXIT.ok;
  }
  const { lines, exit } = reportOf(error, asked);
  const [first, ...more] = lines.map(visible);
  if (first !== undefined) await io.stderr.write([`xeroctl: ${first}`, ...more, ''].join('\n'));
  if (debug && error instanceof Error)
    await io.stderr.write(
      `${error.stack ?? ''}\n${error.cause instanceof Error ? `caused by ${error.cause.stack}\n` : ''}`,
    );
  return exit;
}

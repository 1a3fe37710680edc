import { z } from 'zod';
import type { Evidence, Invariant, Violation } from '../evidence/evidence.ts';
import { linesOf } from '../evidence/ledger.ts';
import type { ExecutionRow, InvocationRow } from '../evidence/rows.ts';
import { canonical, sha256 } from './hash.ts';
import { floodHash } from './flood.ts';
import { indexBy } from './index-by.ts';

const broken = (says: string): Violation => ({ invariant: 'I4', says });

const STREAMS = ['stdout', 'stderr'] as const;
type Stream = (typeof STREAMS)[number];

const Flood = z.object({
  bytes: z.number(),
  pattern: z.string().default('binary'),
  stream: z.string().default('stdout'),
});

interface Expected {
  readonly bytes: number;
  readonly sha256: string;
}

/** What a tool whose output anyone can compute wrote to a stream; null of any other. */
function written({ tool, args }: InvocationRow, stream: Stream): Expected | null {
  if ((tool === 'demo_echo' || tool === 'demo_noop') && stream === 'stdout') {
    const text = Buffer.from(canonical(args));
    return { bytes: text.length, sha256: sha256(text) };
  }
  if (tool !== 'demo_flood') return null;
  const { stream: goesTo, bytes: asked, pattern } = Flood.parse(args);
  const bytes = goesTo === stream || goesTo === 'both' ? asked : 0;
  return { bytes, sha256: floodHash(pattern, bytes) };
}

/** What an execution says it kept is what lies in the store. */
function stored({ executions, outputs, judgedAt }: Evidence): readonly Violation[] {
  const lying = indexBy(outputs, ({ execution_id, stream }) => `${execution_id} ${stream}`);
  const none: Expected = { bytes: 0, sha256: sha256('') };
  return executions
    .filter(({ output_expires_at: end }) => end === null || end > judgedAt)
    .flatMap((row) =>
      STREAMS.flatMap((stream) => {
        const told = row[stream];
        if (told === null || told.missing.length > 0) return [];
        const found = lying.get(`${row.id} ${stream}`) ?? none;
        if (found.bytes === told.bytes && found.sha256 === told.sha256) return [];
        return [broken(`${stream} of ${row.id} is told to have ${told.bytes} bytes and has ${found.bytes}`)];
      }),
    );
}

function isWhole(row: ExecutionRow, stream: Stream): boolean {
  const told = row[stream];
  return row.exit_code === 0 && told !== null && !told.truncated && told.missing.length === 0;
}

/** What was kept is what the tool wrote. */
function faithful({ executions, invocations }: Evidence): readonly Violation[] {
  const calls = indexBy(invocations, ({ id }) => id);
  return executions.flatMap((row) =>
    STREAMS.filter((stream) => isWhole(row, stream)).flatMap((stream) => {
      const call = calls.get(row.invocation_id);
      const expected = call ? written(call, stream) : null;
      if (expected === null || row[stream]?.sha256 === expected.sha256) return [];
      const has = row[stream]?.bytes;
      return [broken(`${stream} of ${row.id} has ${has} bytes, and the tool wrote ${expected.bytes} others`)];
    }),
  );
}

/** Ranges that are missing are told, in order and within the stream. */
function ranged({ executions }: Evidence): readonly Violation[] {
  return executions.flatMap((row) =>
    STREAMS.flatMap((stream) => {
      let from = 0;
      for (const [start, end] of row[stream]?.missing ?? []) {
        if (start < from || end <= start || end > (row[stream]?.bytes ?? 0))
          return [broken(`${stream} of ${row.id} misses ${start} to ${end}, which cannot be`)];
        from = end;
      }
      return [];
    }),
  );
}

/** What a client read is what is stored. */
function served({ ledger, executions }: Evidence): readonly Violation[] {
  const rows = indexBy(executions, ({ id }) => id);
  return linesOf(ledger, 'read').flatMap((line) => {
    const row = rows.get(line.execution_id);
    const told = line.stream === 'stderr' ? row?.stderr : row?.stdout;
    if (told?.bytes === line.bytes && told.sha256 === line.sha256) return [];
    return [broken(`${line.stream} of ${line.execution_id} was served with other bytes than are told of`)];
  });
}

/** I4: raw bytes: length and hash equal what the tool wrote, or the missing ranges are listed. */
export const bytes: Invariant = (evidence) =>
  [stored, faithful, ranged, served].flatMap((part) => part(evidence));

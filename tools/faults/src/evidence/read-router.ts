import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { RouterEvidence, StoredBytes } from './evidence.ts';
import {
  AccountRow,
  ApprovalRow,
  BindingRow,
  CursorRow,
  EntryRow,
  ExecutionRow,
  InvocationRow,
  JoinKeyRow,
  JoinKeyUseRow,
  OwnedRow,
  PrincipalRow,
  UsageRow,
} from './rows.ts';

const StreamRow = z.object({
  execution_id: z.string(),
  project_id: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  file_from: z.number().nullable(),
});

const ChunkRow = z.object({ offset: z.number(), bytes: z.instanceof(Uint8Array) });

/** Hashes a stream from its rows, and from its file where the rows end. */
function bytesOf(dataDir: string, db: DatabaseSync, row: z.infer<typeof StreamRow>): StoredBytes {
  const { execution_id, project_id, stream, file_from } = row;
  const hash = createHash('sha256');
  let size = 0;
  const chunks = db
    .prepare(
      'SELECT "offset", bytes FROM output_chunk WHERE execution_id = ? AND stream = ? ORDER BY "offset"',
    )
    .all(execution_id, stream);
  for (const chunk of chunks.map((one) => ChunkRow.parse(one))) {
    if (file_from !== null && chunk.offset >= file_from) break;
    hash.update(chunk.bytes);
    size += chunk.bytes.length;
  }
  const file = join(dataDir, 'outputs', project_id, `${execution_id}.${stream}`);
  if (file_from !== null && existsSync(file)) {
    const tail = readFileSync(file);
    hash.update(tail);
    size += tail.length;
  }
  return { execution_id, project_id, stream, bytes: size, sha256: hash.digest('hex') };
}

/** Reads the journal alone. @throws Error when an entry cannot be read */
export function readEntries(dataDir: string): readonly EntryRow[] {
  const db = new DatabaseSync(join(dataDir, 'xem.db'), { readOnly: true, timeout: 5000 });
  try {
    const rows = db.prepare('SELECT * FROM journal').all();
    return rows.map((row) => EntryRow.parse(row));
  } finally {
    db.close();
  }
}

/** Reads everything the router's database says, as of one moment, with nothing of the product's own code. */
export function readRouter(dataDir: string): RouterEvidence {
  const db = new DatabaseSync(join(dataDir, 'xem.db'), { readOnly: true, timeout: 5000 });
  const all = <Schema extends z.ZodType>(table: string, schema: Schema): z.infer<Schema>[] =>
    db
      .prepare(`SELECT * FROM "${table}"`)
      .all()
      .map((row) => schema.parse(row));
  try {
    db.exec('BEGIN');
    const ended = all('execution', ExecutionRow);
    const told = new Set(ended.filter(({ stdout }) => stdout !== null).map(({ id }) => id));
    const streams = all('output_stream', StreamRow).filter(({ execution_id }) => told.has(execution_id));
    return {
      projects: all('project', z.object({ id: z.string() })).map(({ id }) => id),
      principals: all('principal', PrincipalRow),
      workspaces: all('workspace', OwnedRow),
      agents: all('agent', OwnedRow),
      bindings: all('workspace_binding', BindingRow),
      joinKeys: all('join_key', JoinKeyRow),
      joinKeyUses: all('join_key_use', JoinKeyUseRow),
      accounts: all('credit', AccountRow),
      usage: all('usage', UsageRow),
      cursors: all('journal_cursor', CursorRow),
      invocations: all('invocation', InvocationRow),
      executions: ended,
      approvals: all('approval', ApprovalRow),
      entries: all('journal', EntryRow),
      outputs: streams.map((row) => bytesOf(dataDir, db, row)),
    };
  } finally {
    db.close();
  }
}

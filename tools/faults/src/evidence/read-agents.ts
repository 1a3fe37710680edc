import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { AgentMemory, Evidence } from './evidence.ts';
import { AttemptRow, Effect } from './rows.ts';

const Identity = z.object({ agent_id: z.string() });

/** Reads an agent's journal from its state folder; an agent that never enrolled remembers nothing. */
export function readAgent(stateDir: string): AgentMemory | null {
  const [identity, journal] = [join(stateDir, 'identity.json'), join(stateDir, 'journal.db')];
  if (!existsSync(identity) || !existsSync(journal)) return null;
  const { agent_id } = Identity.parse(JSON.parse(readFileSync(identity, 'utf8')));
  const db = new DatabaseSync(journal, { readOnly: true, timeout: 5000 });
  try {
    const rows = db.prepare('SELECT * FROM attempt').all();
    return { agent_id, attempts: rows.map((row) => AttemptRow.parse(row)) };
  } finally {
    db.close();
  }
}

/** Reads what the test tools wrote down. @throws Error for a line that was cut: an effect had begun, and nobody can say whose */
export function readEffects(path: string): readonly Effect[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => Effect.parse(JSON.parse(line)));
}

function executionOf(pid: string, dir: string): string | null {
  try {
    if (!readlinkSync(`/proc/${pid}/cwd`).startsWith(dir)) return null;
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    return /(?:^|\0)XEM_EXECUTION_ID=([^\0]+)/.exec(environment)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Finds processes of tools that work below a folder, by what the runner put into their environment. */
export const readProcesses = (dir: string): Evidence['processes'] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const execution_id = executionOf(name, dir);
      return execution_id === null ? [] : [{ pid: Number(name), execution_id }];
    });

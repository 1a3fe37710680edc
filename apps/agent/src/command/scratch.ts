import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, systemClock } from '@xem/runtime';
import type { AgentSettings } from '../settings.ts';
import { openTools, type Tools } from '../tools.ts';

/** Somebody waits for an answer, and an MCP server may have to be fetched before it starts. */
const SERVERS_MS = 30_000;

/** Lets something use the tools of this host, with a state folder that is gone afterwards. @throws BootError */
export async function withScratchTools<T>(
  settings: AgentSettings,
  use: (tools: Tools) => Promise<T> | T,
): Promise<T> {
  const state_dir = mkdtempSync(join(tmpdir(), 'xem-scratch-'));
  const log = createLog({ name: 'xem-agent', level: settings.log_level });
  let tools: Tools | null = null;
  try {
    const scratch = { ...settings, state_dir };
    tools = openTools({ settings: scratch, clock: systemClock(), log, env: process.env });
    await tools.settle(SERVERS_MS);
    return await use(tools);
  } finally {
    tools?.host.close();
    rmSync(state_dir, { recursive: true, force: true });
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, systemClock } from '@xem/runtime';
import type { AgentSettings } from '../settings.ts';
import { openTools, type Tools } from '../tools.ts';

/** Lets something use the tools of this host, with a state folder that is gone afterwards. @throws BootError */
export async function withScratchTools<T>(
  settings: AgentSettings,
  use: (tools: Tools) => Promise<T> | T,
): Promise<T> {
  const state_dir = mkdtempSync(join(tmpdir(), 'xem-scratch-'));
  const log = createLog({ name: 'xem-agent', level: settings.log_level });
  try {
    const tools = openTools({
      settings: { ...settings, state_dir },
      clock: systemClock(),
      log,
      env: process.env,
    });
    return await use(tools);
  } finally {
    rmSync(state_dir, { recursive: true, force: true });
  }
}

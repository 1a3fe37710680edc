import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AttemptKey } from '@xem/protocol';
import type { RunRig } from './run-rig.ts';

const DOOMED_AGENT = fileURLToPath(new URL('doomed-agent.ts', import.meta.url));

/** A run whose agent is gone. */
interface Doomed {
  readonly key: AttemptKey;
  /** Of the leader, which is the pid of its process group. */
  readonly pid: number;
}

/** What a doomed agent runs; it must write to standard output before it ends. */
interface Doom {
  readonly script: string;
  readonly what?: 'run' | 'cancel';
  readonly timeoutMs?: number;
  readonly secret?: string;
}

/** Starts a run under an agent of its own and kills that agent after the first output. */
export async function startAndKillAgent(rig: RunRig, doom: Doom): Promise<Doomed> {
  const { script, what = 'run', timeoutMs = 20_000, secret = '' } = doom;
  const key = rig.newKey();
  const args = [rig.spoolDir, key.execution_id, String(timeoutMs), what, 'sh', '-c', script];
  const agent = spawn(process.execPath, [DOOMED_AGENT, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, DOOMED_SECRET: secret },
  });
  const said = await new Promise<string>((resolve) =>
    agent.stdout.once('data', (data) => resolve(String(data))),
  );
  const gone = new Promise((resolve) => agent.once('exit', resolve));
  agent.kill('SIGKILL');
  await gone;
  return { key, pid: Number.parseInt(said, 10) };
}

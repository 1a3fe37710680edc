import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@xem/runtime';
import { openTcpProxy, type TcpProxy } from '../proxy/tcp-proxy.ts';
import { PROGRAMS } from './place.ts';
import { startProgram, type Program } from './program.ts';
import { cleanEnv } from './router.ts';

/** An agent with a line of its own to the router, that can be killed and started again in its folder. */
export interface AgentSeat {
  readonly name: string;
  readonly stateDir: string;
  readonly line: TcpProxy;
  program(): Program;
  /** Starts it, once more or for the first time; resolves when it has a session. */
  start(env?: NodeJS.ProcessEnv): Promise<void>;
  /** The same without waiting for a session. */
  launch(env?: NodeJS.ProcessEnv): Program;
}

interface SeatOptions {
  readonly dir: string;
  readonly name: string;
  readonly joinKey: string;
  readonly dataPort: number;
}

/** A place for an agent; nothing runs yet. */
export async function agentSeat(
  clock: Clock,
  { dir, name, joinKey, dataPort }: SeatOptions,
): Promise<AgentSeat> {
  const stateDir = join(dir, name);
  mkdirSync(join(stateDir, 'credentials'), { recursive: true, mode: 0o700 });
  const line = await openTcpProxy(clock, dataPort);
  let program: Program | null = null;
  const launch = (env: NodeJS.ProcessEnv = {}): Program => {
    program = startProgram({
      entry: PROGRAMS.agent,
      logPath: join(dir, `${name}.log`),
      env: {
        ...cleanEnv(),
        XEM_STATE_DIR: stateDir,
        XEM_TOOLS_DIR: PROGRAMS.bundles,
        XEM_CREDENTIALS_DIR: join(stateDir, 'credentials'),
        XEM_REGISTRATION_NAME: name,
        XEM_ROUTER_URL: `tcp://127.0.0.1:${line.port}`,
        XEM_LEASE_RENEWAL_INTERVAL_MS: '1000',
        XEM_SHUTDOWN_GRACE_SECONDS: '0',
        XEM_ON_SHUTDOWN: 'kill',
        XEM_EFFECT_LOG: join(dir, 'effects.jsonl'),
        XEM_JOIN_KEY: joinKey,
        ...env,
      },
    });
    return program;
  };
  return {
    name,
    stateDir,
    line,
    program: () => program ?? launch(),
    launch,
    start: async (env) => void (await launch(env).ready),
  };
}

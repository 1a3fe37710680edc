import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import type { Clock } from '@xem/runtime';
import { banner, FIRST_START } from './banner.ts';
import { lockFolder } from './folder-lock.ts';
import { awaitLeftovers, killBelow } from './leftover.ts';
import { recall, remember } from './memory.ts';
import { startMesh } from './mesh.ts';
import { COMPILE_CACHE, type Place } from './place.ts';
import { choosePorts } from './ports.ts';
import { writePrivateJson } from './private-file.ts';
import type { Programs } from './programs.ts';
import { seedMesh } from './seed.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

/** Why a mesh stops, and the status its supervisor ends with. */
export interface Halt {
  readonly status: number;
  readonly why: string;
}

/** What `pnpm dev` runs on. */
export interface DevContext {
  readonly clock: Clock;
  readonly place: Place;
  readonly programs: Programs;
  readonly portBase: { readonly base: number; readonly explicit: boolean };
  readonly env: NodeJS.ProcessEnv;
  /** Aborted with a `Halt` when the mesh shall stop. */
  readonly halt: AbortController;
  /** For people: the banner, and why it stopped. */
  readonly say: (text: string) => void;
  /** How long the person has been waiting, in milliseconds. */
  readonly waitedMs: () => number;
}

const haltOf = (signal: AbortSignal): Halt => {
  const { reason }: { reason: unknown } = signal;
  if (typeof reason === 'object' && reason !== null && 'status' in reason && 'why' in reason) {
    return { status: Number(reason.status), why: String(reason.why) };
  }
  return { status: 1, why: 'it was told to' };
};

async function bringUp(context: DevContext, supervisor: Supervisor): Promise<void> {
  const { clock, place, programs, portBase, halt, say, waitedMs } = context;
  const env = { NODE_COMPILE_CACHE: COMPILE_CACHE, ...context.env };
  const { signal } = halt;
  await awaitLeftovers(clock, recall(place).services);
  const isNew = !existsSync(place.routerDir);
  const seed = await seedMesh({ place, admin: programs.admin, env, signal });
  const ports = await choosePorts({ ...portBase, remembered: recall(place).ports });
  const mesh = await startMesh({ clock, place, ports, seed, programs, supervisor, signal, env });
  if (signal.aborted) return;
  writePrivateJson(place.meshFile, mesh);
  say(banner(place, mesh, waitedMs()));
  if (isNew) say(FIRST_START);
}

/** Resolves when the mesh shall stop: whatever goes wrong on the way up counts as that. */
async function untilHalt(context: DevContext, supervisor: Supervisor): Promise<Halt> {
  const { halt } = context;
  const aborted = once(halt.signal, 'abort');
  bringUp(context, supervisor).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'it could not be started';
    halt.abort({ status: 1, why } satisfies Halt);
  });
  if (!halt.signal.aborted) await aborted;
  return haltOf(halt.signal);
}

/** Runs a mesh from a folder until it halts; resolves with the status to end with, when nothing of it runs any more. */
export async function runDev(context: DevContext): Promise<number> {
  const { clock, halt, place, say } = context;
  mkdirSync(place.dir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(place.dir);
  if (!lock) {
    say(`A mesh is running in ${place.dir} already. Stop it, or give this one its own XEM_DEV_DIR.`);
    return 1;
  }
  rmSync(place.meshFile, { force: true });
  const supervisor = createSupervisor({
    clock,
    logDir: place.logDir,
    onStarted: (services) => remember(place, { services: [...services] }),
    onUnexpectedEnd: (service, { code, signal }) =>
      halt.abort({
        status: 1,
        why: `${service.name} ended with ${signal ?? `status ${code}`}. Its last words:\n${service.lastWords()}`,
      } satisfies Halt),
  });
  const { status, why } = await untilHalt(context, supervisor);
  rmSync(place.meshFile, { force: true });
  say(`Stopping: ${why}`);
  await supervisor.stop();
  if (status === 0) killBelow(place.agentDir);
  remember(place, { services: [] });
  lock.close();
  return status;
}

import { join } from 'node:path';
import { canInject, inject, mountSmallDisk, type SmallDisk } from '../harness/disk.ts';
import type { Program } from '../harness/program.ts';
import { burst } from '../hostile/mesh-attacks.ts';
import { breakOnce, experiment, type Experiment, type ExperimentOptions, type Report } from './experiment.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

interface DiskOptions extends ExperimentOptions {
  /** The beginning of the ids of the faults to run. */
  readonly only?: string | undefined;
}

const DISK_MIB = 64;
const BROKEN_MS = 4000;

const REVIVE_MS = 15_000;
const LOOK_MS = 100;

async function isReady({ mesh }: World): Promise<boolean> {
  const answer = await mesh.direct({ path: '/readyz', key: 'none' }).catch(() => null);
  return answer?.status === 200;
}

/** What a supervisor does: a program whose disk failed may end itself, which takes it a while, and is started again. */
async function revive(world: World): Promise<void> {
  const { mesh } = world;
  const endsAt = mesh.clock.monotonic() + REVIVE_MS;
  while (mesh.clock.monotonic() < endsAt && !(await isReady(world))) {
    if (!mesh.router().isRunning()) await mesh.startRouter();
    await mesh.clock.sleep(LOOK_MS);
  }
  for (const agent of mesh.agents) if (!agent.program().isRunning()) await agent.start();
}

/** Breaks a disk for a while, and starts again what ended itself over it. */
const broken = (id: string, begin: (world: World) => Promise<() => void | Promise<void>>): Fault => ({
  id: `disk.${id}`,
  weight: 1,
  run: async (world) => {
    const end = await begin(world);
    await world.mesh.clock.sleep(BROKEN_MS);
    await end();
    await revive(world);
  },
});

const north = ({ mesh }: World): Program => {
  const [agent] = mesh.agents;
  if (!agent) throw new Error('the mesh has no agents');
  return agent.program();
};

const full = (disk: SmallDisk) => async () => {
  disk.fill();
  return () => disk.free();
};

const readOnly = (disk: SmallDisk) => async () => {
  disk.setReadOnly(true);
  return () => void disk.setReadOnly(false);
};

const failing = (rule: string, of: (world: World) => Program) => (world: World) =>
  inject(of(world).pid, rule);

const router = ({ mesh }: World): Program => mesh.router();

/** A disk that takes its time holds up the router's thread, and what comes in meanwhile heaps up before it. */
async function slowWhileBurst(world: World): Promise<() => Promise<void>> {
  const end = await inject(router(world).pid, 'fsync,fdatasync:delay_enter=1500000');
  await burst(world);
  return end;
}

/** What system calls can be made to answer. */
export const INJECTED: readonly Fault[] = [
  broken('router-fsync', failing('fsync,fdatasync:error=EIO', router)),
  broken('router-write', failing('pwrite64:error=EIO:when=5+7', router)),
  broken('router-slow', slowWhileBurst),
  broken('router-no-space', failing('pwrite64:error=ENOSPC', router)),
  broken('agent-fsync', failing('fsync,fdatasync:error=EIO', north)),
  broken('agent-no-space', failing('pwrite64:error=ENOSPC', north)),
];

const mounted = (disks: { readonly router: SmallDisk; readonly agent: SmallDisk }): readonly Fault[] => [
  broken('router-full', full(disks.router)),
  broken('router-read-only', readOnly(disks.router)),
  broken('agent-full', full(disks.agent)),
  broken('agent-read-only', readOnly(disks.agent)),
];

/** The ids of what needs a disk of its own. */
export const MOUNTED_IDS = [
  'disk.router-full',
  'disk.router-read-only',
  'disk.agent-full',
  'disk.agent-read-only',
];

async function breakEach(running: Experiment, faults: readonly Fault[], only = ''): Promise<void> {
  for (const fault of faults.filter(({ id }) => id.startsWith(only))) await breakOnce(running, fault);
}

interface Disks {
  router: SmallDisk | null;
  agent: SmallDisk | null;
}

/** Breaks the disks of router and agent in every way that this machine allows. */
export async function runDisk(options: DiskOptions): Promise<Report> {
  const disks: Disks = { router: null, agent: null };
  const prepare = (dir: string): void => {
    disks.router = mountSmallDisk(join(dir, 'router'), DISK_MIB);
    disks.agent = mountSmallDisk(join(dir, 'north'), DISK_MIB);
  };
  try {
    return await experiment({ ...options, mesh: { prepare } }, async (running) => {
      const { router: ofRouter, agent: ofAgent } = disks;
      if (ofRouter && ofAgent)
        await breakEach(running, mounted({ router: ofRouter, agent: ofAgent }), options.only);
      else running.mishaps.push('no disk can be mounted here: disk.*-full and disk.*-read-only did not run');
      if (canInject()) await breakEach(running, INJECTED, options.only);
      else running.mishaps.push('strace is not here: what it injects did not run');
    });
  } finally {
    disks.router?.unmount();
    disks.agent?.unmount();
  }
}

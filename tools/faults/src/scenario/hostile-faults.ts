import * as http from '../hostile/http-attacks.ts';
import * as mesh from '../hostile/mesh-attacks.ts';
import { twice } from '../hostile/twice.ts';
import { watching, type Vitals } from '../hostile/vitals.ts';
import type { Fault } from './fault.ts';
import type { World } from './world.ts';

/** What an attack may cost a router in memory. */
const GROWN_MIB_MAX = 150;

/** How long others may wait for the router's attention in the meantime … */
const WAIT_MS_MAX = 50;

/** … unless the machine is so busy that they wait a part of this without an attack. */
const WORSE_BY = 10;

const CALM_MS = 400;

/** An attack goes on for so long at least: one answer says nothing about a router. */
const ATTACK_MS = 1500;

const attack = (id: string, run: (world: World) => Promise<void>): Fault => ({
  id: `hostile.${id}`,
  weight: 1,
  run: async (world) => {
    const { clock } = world.mesh;
    const calm = await watching(world, () => clock.sleep(CALM_MS));
    const endsAt = clock.monotonic() + ATTACK_MS;
    const vitals: Vitals = await watching(world, async () => {
      while (clock.monotonic() < endsAt) await run(world);
    });
    world.note(
      `${id}: ${Object.entries(vitals)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
    );
    if (vitals.grownMiB > GROWN_MIB_MAX) throw new Error(`the router grew by ${vitals.grownMiB} MiB`);
    const waitMsMax = Math.max(WAIT_MS_MAX, calm.medianMs * WORSE_BY);
    if (vitals.medianMs > waitMsMax) throw new Error(`others waited ${vitals.medianMs} ms`);
  },
});

/** What somebody who means ill can send. */
export const HOSTILE_FAULTS: readonly Fault[] = [
  attack('stranger', mesh.stranger),
  attack('forged-hello', mesh.forgedHello),
  attack('race', mesh.race),
  attack('names', mesh.names),
  attack('heir', mesh.heir),
  attack('meddle', mesh.meddle),
  attack('garbage', mesh.garbage),
  attack('replay', mesh.replay),
  attack('oversize', mesh.oversize),
  attack('burst', mesh.burst),
  attack('twice', twice),
  attack('huge-body', http.hugeBody),
  attack('odd-bodies', http.oddBodies),
  attack('slow-requests', http.slowRequests),
  attack('deaf-streams', http.deafStreams),
  attack('noise', http.noise),
];

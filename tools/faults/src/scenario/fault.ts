import type { World } from './world.ts';

/** One way to break a mesh: it breaks, waits, and heals what it broke. */
export interface Fault {
  readonly id: string;
  /** How often it is chosen, beside the others. */
  readonly weight: number;
  run(world: World): Promise<void>;
}

import { createHash } from 'node:crypto';

/** Chance that a seed decides: the same seed, the same draws. */
export interface Chance {
  /** A whole number from 0 to `below`, without it. */
  int(below: number): number;
  /** True this often. */
  often(share: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  bytes(length: number): Buffer;
  /** Another chance that what is drawn here does not disturb. */
  fork(name: string): Chance;
}

/** Draws from a seed. */
export function chanceOf(seed: string): Chance {
  let drawn = 0;
  const block = (): Buffer => createHash('sha256').update(`${seed}:${drawn++}`).digest();
  const int = (below: number): number => Math.floor((block().readUInt32BE(0) / 2 ** 32) * below);
  return {
    int,
    often: (share) => int(1_000_000) < share * 1_000_000,
    pick: (items) => items[int(items.length)] ?? items[0],
    bytes: (length) => {
      const blocks: Buffer[] = [];
      for (let size = 0; size < length; size += 32) blocks.push(block());
      return Buffer.concat(blocks).subarray(0, length);
    },
    fork: (name) => chanceOf(`${seed}/${name}`),
  };
}

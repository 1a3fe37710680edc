import { virtualClock, seededIds } from '@xem/runtime/testing';

/** Chances that a seed decides: the same seed throws the same. */
export interface Dice {
  /** A whole number from `from` up to and including `to`. */
  between(from: number, to: number): number;
  /** True in this share of throws, from 0 to 1. */
  chance(share: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

const WORD = 2 ** 32;

/** Dice of a seed. */
export function createDice(seed: string): Dice {
  const ids = seededIds(virtualClock(), seed);
  const draw = (): number => ids.bytes(4).readUInt32BE() / WORD;
  const between = (from: number, to: number): number => from + Math.floor(draw() * (to - from + 1));
  return {
    between,
    chance: (share) => draw() < share,
    pick: (items) => {
      const item = items[between(0, items.length - 1)];
      if (item === undefined) throw new RangeError('there is nothing to pick from');
      return item;
    },
  };
}

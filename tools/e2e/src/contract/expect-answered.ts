import { expect } from 'vitest';
import type { Mesh } from '../mesh/mesh.ts';

/** Expects that an operation was answered with success on the way that is watched; the coverage of operations reads it. */
export function expectAnswered({ observed }: Pick<Mesh, 'observed'>, id: string): void {
  const statuses = [...observed.answers].filter((line) => line.startsWith(`${id} `));
  expect(statuses, `answers of ${id}`).toContainEqual(expect.stringMatching(/ 20\d$/));
}

import { existsSync, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Finds a program on PATH, then in these places, the last of which wins among those that match; null when there is none. */
export function findProgram(name: string, path: string, ...places: readonly string[]): string | null {
  const onPath = path.split(delimiter).map((dir) => join(dir, name));
  const elsewhere = places.flatMap((place) => globSync(join(place, name)).toSorted().toReversed());
  return [...onPath, ...elsewhere].find((file) => existsSync(file)) ?? null;
}

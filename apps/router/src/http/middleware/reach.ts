import { isInRanges, readRanges, type Caller } from '@xem/domain';
import { ExecError } from '@xem/errors';
import type { Operation } from '@xem/protocol';

/** Refuses a path that names another project than the key's. @throws ExecError cross_project_access */
export function assertProject(named: string | undefined, { project }: Caller): void {
  if (named === project.id) return;
  throw new ExecError('cross_project_access', 'the path names another project than that of the key');
}

/**
 * Makes the check of a key's endpoint pins: a pin is the id of an operation, or `noun.*`.
 * @throws ExecError endpoint_restricted, by the check
 */
export function pinCheck({ id }: Pick<Operation, 'id'>): (pins: readonly string[] | null) => void {
  const accepted = new Set([id, `${id.split('.')[0]}.*`]);
  return (pins) => {
    if (pins === null || pins.some((pin) => accepted.has(pin))) return;
    throw new ExecError('endpoint_restricted', `the key is pinned to other endpoints than ${id}`);
  };
}

/** Refuses a caller whose address is outside the key's ranges. @throws ExecError endpoint_restricted */
export function assertAddress(ranges: readonly string[] | null, address: string | undefined): void {
  if (ranges === null) return;
  if (isInRanges(address, readRanges(ranges))) return;
  throw new ExecError('endpoint_restricted', 'the key may not be used from this address');
}

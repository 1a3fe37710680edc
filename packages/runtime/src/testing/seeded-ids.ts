import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { formatUuidV7, type IdSource } from '../id.ts';

/** Ids that a seed and the order of the calls decide, for tests that must repeat. */
export function seededIds(clock: Clock, seed = 'xem'): IdSource {
  let drawn = 0;
  const draw = (length: number): Buffer => {
    const blocks: Buffer[] = [];
    for (let size = 0; size < length; size += 32) {
      blocks.push(createHash('sha256').update(`${seed}:${drawn++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, length);
  };
  return {
    uuid: () => formatUuidV7(clock.now(), draw(16)),
    hex: (bytes = 12) => draw(bytes).toString('hex'),
    token: (bytes = 32) => draw(bytes).toString('base64url'),
    bytes: draw,
  };
}

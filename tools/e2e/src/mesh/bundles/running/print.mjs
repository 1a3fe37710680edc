/**
 * Prints lines to both streams until SECONDS are over, or DOOR is there or its folder gone, and last how many there were. Line i of a stream is
 * `<stream> <i> <sha-256 of "<stream> <i> <seed>">`, so that anybody can tell what the whole of it must be.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const [, , seconds, seed, door] = process.argv;
const LINES_A_BEAT = 20;
const BEAT_MS = 5;

const line = (stream, i) =>
  `${stream} ${i} ${createHash('sha256').update(`${stream} ${i} ${seed}`).digest('hex')}\n`;

appendFileSync(process.env.RUNNING_LOG, `${seed}\n`);
const beat = new Int32Array(new SharedArrayBuffer(4));
const until = process.uptime() + Number(seconds);
const isClosed = () => door === undefined || (!existsSync(door) && existsSync(dirname(door)));
let i = 0;
while (process.uptime() < until && isClosed()) {
  for (let n = 0; n < LINES_A_BEAT; n++, i++) {
    writeSync(1, line('out', i));
    writeSync(2, line('err', i));
  }
  Atomics.wait(beat, 0, 0, BEAT_MS);
}
writeSync(1, `${i} lines\n`);

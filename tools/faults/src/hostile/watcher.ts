import { readFileSync } from 'node:fs';
import { systemClock } from '@xem/runtime';
import { z } from 'zod';

/** What is watched: a process, and an address of its that answers without doing anything. */
const [pid, url] = z.tuple([z.string(), z.url()]).parse(process.argv.slice(2));

const PAUSE_MS = 20;
const KIB_PER_MIB = 1024;

const clock = systemClock();
const watch = { isOver: false };
const trips: number[] = [];

const residentMiB = (): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / KIB_PER_MIB;
};

const before = residentMiB();
let peak = before;
process.once('message', () => (watch.isOver = true));
process.send?.('watching');
while (!watch.isOver) {
  const sentAt = clock.monotonic();
  const response = await fetch(url);
  await response.arrayBuffer();
  trips.push(clock.monotonic() - sentAt);
  peak = Math.max(peak, residentMiB());
  await clock.sleep(PAUSE_MS);
}
process.send?.({ before, peak, trips });
process.disconnect();

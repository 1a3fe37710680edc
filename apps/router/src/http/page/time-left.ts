import { MINUTE_MS } from '@xem/protocol';
const HOUR_MINUTES = 60;

/** How long it is until a time, in words; times in milliseconds since 1970. */
export function timeLeft(until: number, now: number): string {
  const minutes = Math.floor((until - now) / MINUTE_MS);
  if (until <= now) return 'none';
  if (minutes < 1) return 'less than a minute';
  if (minutes < HOUR_MINUTES) return `${minutes} min`;
  return `${Math.floor(minutes / HOUR_MINUTES)} h ${minutes % HOUR_MINUTES} min`;
}

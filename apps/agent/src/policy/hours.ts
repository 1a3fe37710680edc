import type { Hours } from './policy-file.ts';

/** As policies write the days of a week. */
export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

type Day = (typeof DAYS)[number];

const HOUR_MINUTES = 60;

/** Tells whether this host knows a time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * HOUR_MINUTES + minutes;
};

interface Moment {
  /** Its place in `DAYS`. */
  readonly day: number;
  readonly minutes: number;
}

function readMoment(format: Intl.DateTimeFormat, now: number): Moment {
  const parts = new Map(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const weekday = parts.get('weekday')?.toLowerCase();
  const time = `${parts.get('hour')}:${parts.get('minute')}`;
  return { day: DAYS.findIndex((day) => day === weekday), minutes: minutesOf(time) };
}

/** Tells of a wall time in milliseconds whether it lies within the hours. */
export function compileHours({ zone, days, from, to }: Hours): (now: number) => boolean {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const begin = minutesOf(from);
  const end = minutesOf(to);
  const wanted = new Set<Day | undefined>(days);
  const begins = (day: number): boolean => wanted.has(DAYS.at(day));
  return (now) => {
    const { day, minutes } = readMoment(format, now);
    if (begin < end) return begins(day) && minutes >= begin && minutes < end;
    return minutes >= begin ? begins(day) : minutes < end && begins(day - 1);
  };
}

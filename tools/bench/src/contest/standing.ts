import { median, spreadOf, type Spread } from '../statistic.ts';
import type { Match, Pair } from './contest.ts';

/** A match in figures. Ratios are medians over the rounds, each of a pair measured one right after the other. */
export interface Standing {
  readonly peer: string;
  readonly clients: number;
  /** Our calls a second over theirs: more than 1 is in our favour. */
  readonly throughput: Spread;
  /** Our middle latency over theirs: less than 1 is in our favour. */
  readonly latency: Spread;
  /** Our processor time of a call over theirs: less than 1 is in our favour. NaN when theirs is not known. */
  readonly processor: Spread;
  readonly ours: Absolute;
  readonly theirs: Absolute;
}

/** Medians over the rounds. */
export interface Absolute {
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly processorMs: number;
}

const absoluteOf = (pairs: readonly Pair[], side: keyof Pair): Absolute => ({
  callsPerSecond: median(pairs.map((pair) => pair[side].callsPerSecond)),
  p50Ms: median(pairs.map((pair) => pair[side].p50Ms)),
  p99Ms: median(pairs.map((pair) => pair[side].p99Ms)),
  processorMs: median(pairs.map((pair) => pair[side].processorMs)),
});

/** Puts a match into figures. */
export const standingOf = ({ peer, clients, pairs }: Match): Standing => ({
  peer,
  clients,
  throughput: spreadOf(pairs.map((pair) => pair.ours.callsPerSecond / pair.peer.callsPerSecond)),
  latency: spreadOf(pairs.map((pair) => pair.ours.p50Ms / pair.peer.p50Ms)),
  processor: spreadOf(pairs.map((pair) => pair.ours.processorMs / pair.peer.processorMs)),
  ours: absoluteOf(pairs, 'ours'),
  theirs: absoluteOf(pairs, 'peer'),
});

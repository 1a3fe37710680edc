import { bullmq } from './bullmq.ts';
import type { ContestantRow } from './contestant.ts';
import { floor } from './floor.ts';
import { graphile } from './graphile.ts';
import { restate } from './restate.ts';

/** Everybody we are measured against. */
export const PEERS: readonly ContestantRow[] = [
  floor,
  restate,
  bullmq('always'),
  bullmq('everysec'),
  graphile,
];

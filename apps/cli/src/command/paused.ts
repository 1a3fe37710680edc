import type { Pause } from '@xem/protocol';

/** A pause as a column shows it: why, or by whom where nobody said why; nothing when there is none. */
export const pausedWord = ({ paused }: { readonly paused: Pause | null }): string | null =>
  paused && (paused.reason ?? `by ${paused.by.name}`);

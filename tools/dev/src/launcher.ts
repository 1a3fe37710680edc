import { basename } from 'node:path';
import type { Cancel, Clock } from '@xem/runtime';
import { isAlive, readProcess, type ProcessRow } from './process-table.ts';

const POLL_MS = 250;
const PACKAGE_MANAGER = /^(?:npm|npx|pnpm|pnpx)(?:-cli)?(?:\.[cm]?js)?$/;

/** The first two words count: `npm exec …` is one word by its own doing, and a script stands behind its `node`. */
const isPackageManager = ({ words }: ProcessRow): boolean =>
  words
    .join(' ')
    .split(' ', 2)
    .some((word) => PACKAGE_MANAGER.test(basename(word)));

const isShell = ({ words: [program = ''] }: ProcessRow): boolean => basename(program) === 'sh';

/**
 * The npm, npx and pnpm processes above this one, with the `sh` between them, nearest first. It ends at the
 * outermost package manager: whoever called that may go.
 */
export function launchersAbove(
  pid: number,
  read: (pid: number) => ProcessRow | null = readProcess,
): readonly ProcessRow[] {
  const chain: ProcessRow[] = [];
  let row = read(pid);
  while (row && (isPackageManager(row) || isShell(row))) {
    chain.push(row);
    row = read(row.parent);
  }
  return chain.slice(0, chain.findLastIndex(isPackageManager) + 1);
}

/**
 * Calls once when one of these processes is gone. npm dies of a signal and tells nobody below it, so what it
 * started has to look for itself.
 */
export function watchLaunchers(clock: Clock, launchers: readonly ProcessRow[], onGone: () => void): Cancel {
  const cancel = clock.every(POLL_MS, () => {
    if (launchers.every(isAlive)) return;
    cancel();
    onGone();
  });
  return cancel;
}

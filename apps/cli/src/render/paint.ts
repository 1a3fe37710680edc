import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  completed: 'green',
  online: 'green',
  approved: 'green',
  running: 'cyan',
  dispatched: 'cyan',
  pending: 'yellow',
  pending_approval: 'yellow',
  destructive: 'yellow',
  irreversible: 'red',
  failed: 'red',
  timeout: 'red',
  lost: 'red',
  rejected: 'red',
  conflict: 'red',
  offline: 'red',
};

/** Colours the words of states and risks; others stay as they are. */
export function paintWord(word: string): string {
  const style = STYLES[word];
  return style === undefined ? word : styleText(style, word, { validateStream: false });
}

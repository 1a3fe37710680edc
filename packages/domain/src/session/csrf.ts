import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '@xem/protocol';
import type { BrowserCaller } from './resume.ts';

/** Whether a form carries the token of its session; the comparison takes the same time for every wrong one. */
export const csrfMatches = ({ csrfToken }: Pick<BrowserCaller, 'csrfToken'>, presented: string): boolean =>
  timingSafeEqual(Buffer.from(sha256Hex(csrfToken)), Buffer.from(sha256Hex(presented)));

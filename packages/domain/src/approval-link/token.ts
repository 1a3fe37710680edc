import { sha256Hex } from '@xem/protocol';
import type { ApprovalLinkRecord } from '@xem/store';
import type { DomainSettings } from '../context.ts';

/** The page that a link's URL opens. */
export const linkUrl = ({ publicUrl }: DomainSettings, token: string): string =>
  `${publicUrl}/approve/${token}`;

/** What is kept of the token in a link's URL. */
export const hashOfToken = (token: string): string => sha256Hex(token);

/** What is kept of the session that a token was exchanged for; in a URL it opens nothing. */
export const hashOfSession = (token: string): string => sha256Hex(`session ${token}`);

/** Whether a link may still give its vote, as far as the link itself tells. */
export const isOpen = ({ usedAt, expiresAt }: ApprovalLinkRecord, now: number): boolean =>
  usedAt === null && expiresAt > now;

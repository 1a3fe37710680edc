import type { WebhookEvent } from '@xem/protocol';
import { UsageError } from '../../exit.ts';

/** The router knows which events there are; their form shows that a word is one. */
const isEvent = (word: string): word is WebhookEvent => /^exec\.[a-z_]{1,64}$/.test(word);

/** The event a word names. @throws UsageError */
export function eventOf(word: string): WebhookEvent {
  if (isEvent(word)) return word;
  throw new UsageError(`--event ${word}: must be an event like exec.completed`);
}

/** The events of some words, several in one word or not; `all` is every event. @throws UsageError */
export function eventsOf(words: readonly string[] | undefined): WebhookEvent[] | null | undefined {
  const named = words?.flatMap((word) => word.split(','));
  return named?.includes('all') ? null : named?.map(eventOf);
}

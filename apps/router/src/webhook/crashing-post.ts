import type { CrashPoint } from '@xem/runtime';
import type { PostMessage } from './post.ts';

/** Sends messages, and passes a crash point before each and one when it was answered and nobody wrote that down yet. */
export const crashingPost =
  (crash: CrashPoint, post: PostMessage): PostMessage =>
  async (message, signal) => {
    crash.reach('before-post:webhook');
    const outcome = await post(message, signal);
    crash.reach('after-post:webhook');
    return outcome;
  };

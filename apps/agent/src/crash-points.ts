import type { CrashPoint } from '@xem/runtime';
import type { ToolHost } from './dispatch/tool-host.ts';
import type { Journal } from './journal/journal.ts';

/** Tools that pass crash points: `before-spawn:<tool>`, `after-spawn:<tool>`, `after-exit:<tool>`. */
export const withSpawnPoints = (host: ToolHost, crash: CrashPoint): ToolHost => ({
  get tools() {
    return host.tools;
  },
  get providers() {
    return host.providers;
  },
  credentialsRef: (workspaceId) => host.credentialsRef(workspaceId),
  onChange: (told) => host.onChange(told),
  reattach: (key) => host.reattach(key),
  list: () => host.list(),
  remove: (key) => host.remove(key),
  close: () => host.close(),
  prepare: (call) => {
    const start = host.prepare(call);
    return () => {
      crash.reach(`before-spawn:${call.tool}`);
      const run = start();
      crash.reach(`after-spawn:${call.tool}`);
      void run.ended.then(() => crash.reach(`after-exit:${call.tool}`));
      return run;
    };
  },
});

/** A journal that passes crash points, `before-note:<what>` and `after-note:<what>`: `accepted`, `ended`, `acknowledged`. */
export function withNotePoints(journal: Journal, crash: CrashPoint): Journal {
  const noting = <Result>(what: string, note: () => Result): Result => {
    crash.reach(`before-note:${what}`);
    const result = note();
    crash.reach(`after-note:${what}`);
    return result;
  };
  return {
    ...journal,
    accept: (order, durability) => noting('accepted', () => journal.accept(order, durability)),
    end: (key, result) => noting('ended', () => journal.end(key, result)),
    acknowledge: (key) => noting('acknowledged', () => journal.acknowledge(key)),
  };
}

import type { ExecutionId, OutputStream } from '@xem/protocol';

/** How many bytes of a stream are stored now. */
export type OutputListener = (stream: OutputStream, stored: number) => void;

/** Tells followers that more output of an execution is stored; they read it from the store at their own pace. */
export interface OutputNotices {
  publish(executionId: ExecutionId, stream: OutputStream, stored: number): void;
  /** Returns an unsubscriber. */
  subscribe(executionId: ExecutionId, listener: OutputListener): () => void;
}

/** Notices within one router. */
export function createOutputNotices(): OutputNotices {
  const listeners = new Map<ExecutionId, Set<OutputListener>>();
  return {
    publish: (executionId, stream, stored) => {
      for (const listener of listeners.get(executionId) ?? []) listener(stream, stored);
    },
    subscribe: (executionId, listener) => {
      const followers = listeners.get(executionId) ?? new Set();
      listeners.set(executionId, followers.add(listener));
      return () => {
        followers.delete(listener);
        if (followers.size === 0 && listeners.get(executionId) === followers) listeners.delete(executionId);
      };
    },
  };
}

/** What the agent needs of its machine: time that never goes back, timers and randomness. */
export interface Surroundings {
  /** Milliseconds since an arbitrary start. */
  monotonic(): number;
  /** Calls once after `ms`; answers how to call it off. */
  after(ms: number, call: () => void): () => void;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}

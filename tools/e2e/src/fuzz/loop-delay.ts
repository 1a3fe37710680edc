/** How long the event loop of a router was held up, second by second. */
export interface LoopDelays {
  /** How many seconds were looked at. */
  readonly looks: number;
  /** In half of them it was no longer than this; a bound of the histogram, in seconds. */
  readonly half: number;
  /** In none of them it was longer. */
  readonly longest: number;
}

/** Looks by upper bound, each bound with all below it. */
type Buckets = readonly (readonly [bound: number, looks: number])[];

const BUCKET = /^xem_loop_delay_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm;

async function read(metricsUrl: string): Promise<Buckets> {
  const text = await (await fetch(metricsUrl)).text();
  return [...text.matchAll(BUCKET)].map(([, bound = '', looks = '']) => [
    bound === '+Inf' ? Infinity : Number(bound),
    Number(looks),
  ]);
}

/** Reads the delays of a router from its metrics until it is stopped. */
export async function watchLoop(metricsUrl: string): Promise<{ stop(): Promise<LoopDelays> }> {
  const before = new Map(await read(metricsUrl));
  return {
    stop: async () => {
      const grown = (await read(metricsUrl)).map(
        ([bound, looks]) => [bound, looks - (before.get(bound) ?? 0)] as const,
      );
      const looks = grown.at(-1)?.[1] ?? 0;
      const boundOf = (share: number): number =>
        grown.find(([, below]) => below >= looks * share)?.[0] ?? Infinity;
      return { looks, half: boundOf(0.5), longest: boundOf(1) };
    },
  };
}

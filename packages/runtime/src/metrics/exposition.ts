import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';

/** What Prometheus reads. */
export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** What this process tells of itself; it is measured from the first time somebody asks. */
export function processRegistry(): () => Registry {
  let registry: Registry | null = null;
  return () => {
    if (registry) return registry;
    registry = new Registry();
    collectDefaultMetrics({ register: registry });
    return registry;
  };
}

/** One registry with the sums of several that hold the same series. */
export const summed = async (registries: readonly Registry[]): Promise<Registry> =>
  AggregatorRegistry.aggregate(await Promise.all(registries.map((one) => one.getMetricsAsJSON())));

/** Writes registries down in the text format of Prometheus. */
export async function expose(registries: readonly Registry[]): Promise<Exposition> {
  const merged = Registry.merge([...registries]);
  return { contentType: merged.contentType, text: await merged.metrics() };
}

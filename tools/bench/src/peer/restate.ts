import { z } from 'zod';
import { isFunction, loadPeer } from './folder.ts';

interface Endpoint {
  readonly services: readonly unknown[];
  readonly port: number;
}

interface Service {
  readonly name: string;
  readonly handlers: Record<string, (context: unknown, input: unknown) => Promise<unknown>>;
}

const Restate = z.object({
  service: z.custom<(service: Service) => unknown>(isFunction),
  serve: z.custom<(endpoint: Endpoint) => Promise<number>>(isFunction),
});

/** What is used of the SDK of Restate. */
export const loadRestate = (): z.infer<typeof Restate> => loadPeer('@restatedev/restate-sdk', Restate);

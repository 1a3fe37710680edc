import { systemClock } from '@xem/runtime';
import { serveHttp, type HttpServer } from '../http/server.ts';
import { inHttpWorld, type HttpWorld } from './http-world.ts';

/** A world whose app is served on a socket. */
export type ServedWorld = HttpWorld & { readonly server: HttpServer };

/** Serves the app of a world on a socket of its own; real time, since sockets know no other. */
export const inServedWorld = (run: (world: ServedWorld) => Promise<void>): Promise<void> =>
  inHttpWorld(async (world) => {
    const { app, services } = world;
    const clock = systemClock();
    const server = await serveHttp({
      app,
      host: '127.0.0.1',
      port: 0,
      clock,
      ids: services.ids,
      waitMs: 500,
      graceMs: 500,
    });
    try {
      await run({ ...world, server });
    } finally {
      await server.close();
    }
  });

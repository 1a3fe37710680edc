import { loadRestate } from './restate.ts';

/** Serves a durable handler that answers its input. The first argument is the port. */
const { serve, service } = loadRestate();
const bench = service({ name: 'bench', handlers: { noop: async (_, input) => input } });
process.on('disconnect', () => process.exit(0));
await serve({ services: [bench], port: Number(process.argv[2]) });
process.send?.('ready');

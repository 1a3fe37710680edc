import manifest from '../package.json' with { type: 'json' };

/** The version of the router, as its package declares it. */
export const ROUTER_VERSION = manifest.version;

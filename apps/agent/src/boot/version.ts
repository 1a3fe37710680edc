import manifest from '../../package.json' with { type: 'json' };

/** The version of this agent, as the router is told it. */
export const AGENT_VERSION: string = manifest.version;

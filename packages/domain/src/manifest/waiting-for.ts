import type { WaitingChange } from '../catalogue/catalogue.ts';

/** Says that a change waits for a person, and what that person types. */
export const waitingFor = ({ agentId, change: { tool, new_digest: digest } }: WaitingChange): string =>
  `what agent ${agentId} has of it waits until a human accepts it with ` +
  `xeroctl agents accept-manifest ${agentId} --tool ${tool} --digest ${digest}`;

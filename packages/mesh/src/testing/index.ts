export { agentIdentity, type AgentIdentity } from './agent-identity.ts';
export { openRecordedLink, testHello, type RecordedLink, type RecordedLinkOptions } from './recorded-link.ts';
export { openRecordedRouter, type RecordedRouter, type RecordedRouterOptions } from './recorded-router.ts';

export { agentIdentity, type AgentIdentity } from './agent-identity.ts';
export type { MemoryFaults } from './memory-connection.ts';
export { memoryNetwork, type MemoryNetwork } from './memory-network.ts';
export {
  openRecordedLink,
  testHello,
  type LinkRecord,
  type RecordedLink,
  type RecordedLinkOptions,
} from './recorded-link.ts';
export { SAMPLE_CLAIMS, SAMPLE_HASHED } from './sample-claims.ts';
export { sampleFrame } from './sample-frames.ts';
export {
  openRecordedRouter,
  type RecordedRouter,
  type RecordedRouterOptions,
  type RouterRecord,
} from './recorded-router.ts';

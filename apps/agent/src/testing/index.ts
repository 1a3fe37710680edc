export { startAgent, type Agent, type AgentContext } from '../compose.ts';
export type { OwnTool, ToolCall, ToolHost } from '../dispatch/tool-host.ts';
export type { AgentSettings } from '../settings.ts';

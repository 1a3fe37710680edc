import type { Manifest } from '@xem/protocol';
import type { AgentSettings } from '../settings.ts';
import { withScratchTools } from './scratch.ts';

/** The manifest this agent would publish; its workspaces are the router's to tell. @throws BootError */
export const validate = (settings: AgentSettings): Promise<Manifest> =>
  withScratchTools(settings, ({ host }) => ({
    manifest_version: 1,
    workspaces: [],
    tools: [...host.tools.values()].map(({ definition }) => definition),
  }));

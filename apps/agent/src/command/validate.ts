import type { Manifest } from '@xem/protocol';
import type { AgentSettings } from '../settings.ts';
import type { Tools } from '../tools.ts';
import { assertPublishable } from '../identity/refusal.ts';
import { withScratchTools } from './scratch.ts';

function manifestOf({ host }: Tools): Manifest {
  const tools = [...host.tools.values()].map(({ definition }) => definition);
  const manifest: Manifest = { manifest_version: 1, workspaces: [], tools };
  assertPublishable(manifest);
  return manifest;
}

/** The manifest this agent would publish; its workspaces are the router's to tell. @throws BootError */
export const validate = (settings: AgentSettings): Promise<Manifest> =>
  withScratchTools(settings, manifestOf);

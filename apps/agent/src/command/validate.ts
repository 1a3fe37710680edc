import type { Manifest } from '@xem/protocol';
import type { AgentSettings } from '../settings.ts';
import type { Tools } from '../tools.ts';
import { assertPublishable } from '../identity/refusal.ts';
import { withScratchTools } from './scratch.ts';

/** What an agent with these settings would be. */
interface Validation {
  /** What it would publish; its workspaces are the router's to tell. */
  readonly manifest: Manifest;
  /** The kinds of providers that its tools run by. */
  readonly providers: readonly string[];
}

function manifestOf({ host }: Tools): Manifest {
  const tools = [...host.tools.values()].map(({ definition }) => definition);
  const manifest: Manifest = { manifest_version: 1, workspaces: [], tools };
  assertPublishable(manifest);
  return manifest;
}

/** Checks settings, bundles and credentials. @throws BootError with everything that is wrong */
export const validate = (settings: AgentSettings): Promise<Validation> =>
  withScratchTools(settings, (tools) => ({ manifest: manifestOf(tools), providers: tools.host.providers }));

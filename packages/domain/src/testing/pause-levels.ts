import { get as getAgent } from '../agent/get.ts';
import * as agent from '../agent/pause.ts';
import { get as getProject } from '../project/get.ts';
import * as project from '../project/pause.ts';
import { get as getWorkspace } from '../workspace/get.ts';
import * as workspace from '../workspace/pause.ts';
import type { servingAgent } from './call.ts';
import type { TestWorld } from './world.ts';

/** The agent that serves the demo workspace. */
export type Serving = Awaited<ReturnType<typeof servingAgent>>['agent'];

/** One of the three things that can be paused, as a test does it. */
export interface Level {
  readonly pause: (world: TestWorld, serving: Serving, reason?: string) => Promise<unknown>;
  readonly resume: (world: TestWorld, serving: Serving) => Promise<unknown>;
  readonly shown: (world: TestWorld, serving: Serving) => Promise<{ readonly paused: unknown }>;
}

export const LEVELS: Readonly<Record<'agent' | 'workspace' | 'project', Level>> = {
  agent: {
    pause: ({ operator }, { id }, reason) => agent.pause(operator, { id, reason }),
    resume: ({ operator }, { id }) => agent.resume(operator, { id }),
    shown: ({ operator }, { id }) => getAgent(operator, { id }),
  },
  workspace: {
    pause: ({ operator, seed }, _, reason) =>
      workspace.pause(operator, { workspace_id: seed.workspace_id, reason }),
    resume: ({ operator, seed }) => workspace.resume(operator, { workspace_id: seed.workspace_id }),
    shown: ({ operator, seed }) => getWorkspace(operator, { workspace_id: seed.workspace_id }),
  },
  project: {
    pause: ({ operator }, _, reason) => project.pause(operator, { reason }),
    resume: ({ operator }) => project.resume(operator, {}),
    shown: ({ operator }) => getProject(operator),
  },
};

/** Rows for `test.each`. */
export const EACH_LEVEL: readonly (readonly [string, Level])[] = Object.entries(LEVELS);

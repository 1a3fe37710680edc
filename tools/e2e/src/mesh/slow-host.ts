import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Invocation, Workspace, type Agent } from '@xem/protocol';
import { expect, onTestFinished } from 'vitest';
import { agentHost, standing, type AgentHost, type AgentProcess } from './agent-process.ts';
import { call } from './api.ts';
import { mintJoinKey } from './intruder.ts';
import type { Mesh } from './mesh.ts';

const BUNDLE = `
description: A tool that changes something, slowly.
tools:
  - name: slow_write
    description: Take some seconds.
    risk: write
    parameters:
      type: object
      properties: { seconds: { type: number, minimum: 0 } }
      required: [seconds]
      additionalProperties: false
    command: { run: [sleep, '{seconds}'] }
`;

/** An agent in a workspace of its own, which nobody else serves, with a tool that may not be repeated. */
export interface SlowHost {
  readonly host: AgentHost;
  readonly process: AgentProcess;
  readonly agent: Agent;
  readonly workspaceId: string;
  /** Asks for the tool, and expects to be let in. */
  readonly ask: (seconds: number) => Promise<Invocation>;
}

function toolsDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xem-slow-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'slow'));
  writeFileSync(join(folder, 'slow', 'bundle.yaml'), BUNDLE);
  return folder;
}

async function workspace(mesh: Mesh, name: string): Promise<string> {
  const answer = await call(mesh, { method: 'POST', path: '/v1/workspaces', body: { name } });
  return Workspace.parse(answer.body).id;
}

/** Lets such an agent in, under its name alone. */
export async function slowHost(mesh: Mesh, name: string): Promise<SlowHost> {
  const workspaceId = await workspace(mesh, name);
  const host = agentHost(name);
  host.env['XEM_TOOLS_DIR'] = toolsDir();
  const process = host.start(await mintJoinKey(mesh, { name, workspaces: [workspaceId] }));
  const [agent] = await standing(mesh, name, ['online']);
  if (!agent) throw new Error(`${name} is not there`);
  return {
    host,
    process,
    agent,
    workspaceId,
    ask: async (seconds) => {
      const body = { workspace_id: workspaceId, tool: 'slow_write', args: { seconds } };
      const answer = await call(mesh, { method: 'POST', path: '/v1/exec/invocations', as: 'service', body });
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      return Invocation.parse(answer.body);
    },
  };
}

import { systemClock, systemIds } from '@xem/runtime';
import type { ProjectRecord, WorkspaceRecord } from '../record/access.ts';
import type { AgentRecord, AgentToolRecord } from '../record/agent.ts';
import type { Store } from '../store.ts';
import {
  makeBinding,
  makePrincipal,
  makeProject,
  makeWorkspace,
  refTo,
  type Making,
} from './record/access.ts';
import { makeAgent, makeManifest, makeTool } from './record/agent.ts';

/** The least a call needs: a project with a workspace, and an online agent bound to it that has `demo_echo`. */
export interface Scene {
  readonly project: ProjectRecord;
  readonly workspace: WorkspaceRecord;
  readonly agent: AgentRecord;
  readonly tool: AgentToolRecord;
}

/** Times and ids of the machine. */
export function systemMaking(): Making {
  const clock = systemClock();
  return { clock, ids: systemIds(clock) };
}

/** Puts a scene into a store. */
export async function setScene(store: Pick<Store, 'transact'>, making: Making): Promise<Scene> {
  const project = makeProject(making);
  const principal = makePrincipal(making, { projectId: project.id });
  const workspace = makeWorkspace(making, { projectId: project.id });
  const agent = makeAgent(making, { projectId: project.id, registrationName: `host-${project.slug}` });
  const tool = makeTool(making, agent, 'demo_echo');
  const place = { projectId: project.id, workspaceId: workspace.id, agentId: agent.id };
  await store.transact(async (tx) => {
    await tx.access.insertProject(project);
    await tx.access.insertPrincipal(principal);
    await tx.workspaces.insert(workspace);
    await tx.agents.insert(agent);
    await tx.agents.publish(makeManifest(making, agent, [tool]), [tool]);
    await tx.workspaces.bind(makeBinding(making, { ...place, createdBy: refTo(principal) }));
  });
  return { project, workspace, agent, tool };
}

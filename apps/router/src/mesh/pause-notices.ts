import type { Services } from '@xem/domain';
import type { RouterMesh } from '@xem/mesh';
import {
  AgentId,
  PROTOCOL_VERSION,
  ProjectId,
  WorkspaceId,
  type JournalEntry,
  type PauseBody,
} from '@xem/protocol';
import type { z } from 'zod';

interface Telling {
  readonly services: Services;
  readonly mesh: Pick<RouterMesh, 'send'>;
}

type Scope = z.infer<typeof PauseBody>['scope'];
type Place = AgentId | WorkspaceId | ProjectId;

interface Notice {
  readonly agentId: AgentId;
  readonly kind: 'pause' | 'resume';
  readonly scope: Scope;
  readonly id: Place;
  readonly reason: string | null;
}

function tell({ services, mesh }: Telling, { agentId, kind, scope, id, reason }: Notice): void {
  const session = services.fleet.find(agentId)?.session;
  if (session) mesh.send(session, { kind, body: { v: PROTOCOL_VERSION, scope, id, reason } });
}

/** Tells an agent, whose session is new, under which pauses it is. */
export function tellPauses(telling: Telling, agentId: AgentId): void {
  const { fleet, pauses, catalogue } = telling.services;
  const agent = fleet.find(agentId);
  if (!agent || pauses.isEmpty()) return;
  const places: readonly (readonly [Scope, Place])[] = [
    ['agent', agentId],
    ['project', agent.projectId],
    ...[...catalogue.workspacesOf(agentId)].map((id) => ['workspace', id] as const),
  ];
  for (const [scope, id] of places) {
    const pause = pauses.find(id);
    if (pause) tell(telling, { agentId, kind: 'pause', scope, id, reason: pause.reason });
  }
}

const TURNS = {
  'agent.paused': { kind: 'pause', scope: 'agent' },
  'agent.resumed': { kind: 'resume', scope: 'agent' },
  'workspace.paused': { kind: 'pause', scope: 'workspace' },
  'workspace.resumed': { kind: 'resume', scope: 'workspace' },
  'project.paused': { kind: 'pause', scope: 'project' },
  'project.resumed': { kind: 'resume', scope: 'project' },
} as const satisfies Record<string, Pick<Notice, 'kind' | 'scope'>>;

const isTurn = (type: string): type is keyof typeof TURNS => Object.hasOwn(TURNS, type);

const PLACES = { agent: AgentId, workspace: WorkspaceId, project: ProjectId } as const;

/** The agents that a pause of something concerns. */
function* concerned({ fleet, catalogue }: Services, scope: Scope, id: string): Iterable<AgentId> {
  for (const { agentId, projectId } of fleet.all()) {
    const served: Iterable<string> =
      scope === 'workspace' ? catalogue.workspacesOf(agentId) : [agentId, projectId];
    if ([...served].includes(id)) yield agentId;
  }
}

interface Following extends Telling {
  /** Gives an agent what waits for it. */
  readonly offer: (agentId: AgentId) => void;
}

/** An agent that may go on is offered work at once, even when it refused some under the pause. */
function wake({ services, offer }: Following, agentId: AgentId): void {
  services.fleet.unhold(agentId, 'refused');
  offer(agentId);
}

/** Tells agents what is paused and what goes on, as soon as it is. Returns what stops it. */
export function startPauseNotices(following: Following): () => void {
  const { services } = following;
  const follow = ({ type, subject, data }: JournalEntry): void => {
    if (!isTurn(type)) return;
    const { kind, scope } = TURNS[type];
    const id = PLACES[scope].parse(subject.id);
    const reason = typeof data['reason'] === 'string' ? data['reason'] : null;
    for (const agentId of concerned(services, scope, id)) {
      tell(following, { agentId, kind, scope, id, reason });
      if (kind === 'resume') wake(following, agentId);
    }
  };
  return services.store.onCommit((entries) => entries.forEach(follow));
}

import type { Services } from '@xem/domain';
import {
  CALL_ENDS,
  INVOCATION_STATUSES,
  INVOCATION_TERMINAL,
  OUTPUT_STREAMS,
  PROJECT_METRICS,
  type JournalEntry,
  type ProjectId,
} from '@xem/protocol';
import { createCount, openSeries, type Count, type Reading, type Series } from '@xem/runtime/metrics';
import { z } from 'zod';
import { createStopwatches } from './stopwatches.ts';

/** What is told of one project. */
export interface ProjectSeries extends Pick<Series<typeof PROJECT_METRICS>, 'registry'> {
  /** `nowMs` is monotonic. */
  hear(entry: JournalEntry, nowMs: number): void;
}

interface Counts {
  readonly types: Count;
  readonly risks: Count;
  readonly bytes: Count;
}

const OPEN_STATUSES = INVOCATION_STATUSES.filter((status) => !INVOCATION_TERMINAL.has(status));

/** Entries of these are what happened to agents. */
const ofAgents = (type: string): boolean => type.startsWith('agent.') && !type.startsWith('agent.key_');

const Created = z.looseObject({ risk: z.string() });
const Stream = z.looseObject({ bytes: z.number() }).nullable();
const Ended = z.looseObject({ stdout: Stream, stderr: Stream });

/** What an entry tells beyond its type. */
const DETAILS: Readonly<Record<string, (data: unknown, counts: Counts) => void>> = {
  'invocation.created': (data, { risks }) => {
    const { success, data: created } = Created.safeParse(data);
    if (success) risks.add(created.risk);
  },
  'execution.ended': (data, { bytes }) => {
    const { success, data: ended } = Ended.safeParse(data);
    if (success) for (const stream of OUTPUT_STREAMS) bytes.add(stream, ended[stream]?.bytes ?? 0);
  },
};

/** Counts of types under the last word of those that are chosen. */
const lastWords = (types: Count, label: string, isChosen: (type: string) => boolean): readonly Reading[] =>
  types.by('type').flatMap(({ labels, value }) => {
    const type = labels?.['type'] ?? '';
    return isChosen(type) ? [{ labels: { [label]: type.slice(type.indexOf('.') + 1) }, value }] : [];
  });

function agentsOf({ fleet }: Services, projectId: ProjectId) {
  const all = [...fleet.all()].filter((agent) => agent.projectId === projectId);
  const connected = all.filter(({ session }) => session !== null);
  const slots = connected.reduce((sum, agent) => sum + agent.slots, 0);
  const taken = connected.reduce((sum, { inFlight }) => sum + inFlight.size, 0);
  return { connected: connected.length, away: all.length - connected.length, taken, free: slots - taken };
}

const inStates = (values: Readonly<Record<string, number>>): readonly Reading[] =>
  Object.entries(values).map(([state, value]) => ({ labels: { state }, value }));

const openCalls = ({ store }: Services, projectId: ProjectId): Promise<readonly Reading[]> =>
  Promise.all(
    OPEN_STATUSES.map(async (status) => ({
      labels: { status },
      value: await store.read.invocations.count(projectId, status),
    })),
  );

/** Opens the series of a project: counts follow the journal, gauges are read from store and fleet. */
export function openProjectSeries(services: Services, projectId: ProjectId): ProjectSeries {
  const { types, risks, bytes }: Counts = {
    types: createCount(),
    risks: createCount(),
    bytes: createCount(),
  };
  const series = openSeries(PROJECT_METRICS, {
    xem_journal_entries_total: () => types.by('type'),
    xem_journal_head_seq: async () => [{ value: (await services.store.read.journal.head(projectId)).seq }],
    xem_invocations_created_total: () => risks.by('risk'),
    xem_invocations_ended_total: () => lastWords(types, 'status', (type) => CALL_ENDS.has(type)),
    xem_invocations_open: () => openCalls(services, projectId),
    xem_dispatches_total: () => [{ value: types.of('invocation.dispatched') }],
    xem_approvals_total: () => lastWords(types, 'event', (type) => type.startsWith('approval.')),
    xem_agents: () => {
      const { connected, away } = agentsOf(services, projectId);
      return inStates({ connected, away });
    },
    xem_agent_slots: () => {
      const { taken, free } = agentsOf(services, projectId);
      return inStates({ taken, free });
    },
    xem_agent_events_total: () => lastWords(types, 'event', ofAgents),
    xem_output_bytes_total: () => bytes.by('stream'),
  });
  const stopwatches = createStopwatches((metric, seconds) => series.observe(metric, seconds));
  return {
    registry: series.registry,
    hear: ({ type, refs, data }, nowMs) => {
      types.add(type);
      DETAILS[type]?.(data, { types, risks, bytes });
      if (refs.invocation_id) stopwatches.hear(type, refs.invocation_id, nowMs);
    },
  };
}

import type { Services } from '@xem/domain';
import { ROUTER_METRICS, type JournalEntry, type ProjectId } from '@xem/protocol';
import {
  createCount,
  expose,
  openSeries,
  processRegistry,
  summed,
  type Exposition,
} from '@xem/runtime/metrics';
import { openProjectSeries, type ProjectSeries } from './project-series.ts';

/** What the router counts of itself, and how it is read. */
export interface Meters {
  /** A request was answered, `ms` after it came. */
  answered(operation: string, status: number, ms: number): void;
  /** A request was refused. */
  refused(code: string): void;
  /** A frame came from an agent. */
  framed(kind: string): void;
  /** An event was sent to a webhook, and taken or not. */
  posted(outcome: 'taken' | 'failed'): void;
  /** The event loop was held up for `ms` at most, in a second that is over. */
  heldUp(ms: number): void;
  /** Says how many requests are not answered to their end. */
  watchOpen(openRequests: () => number): void;
  /** What one project may know: of itself, and of the process it lives in. */
  ofProject(projectId: ProjectId): Promise<Exposition>;
  /** What the operator of the router may know: everything, summed over the projects. */
  ofAll(): Promise<Exposition>;
  close(): void;
}

const MS = 1000;

/** Series of projects; what is not asked for yet is opened. */
function keepProjects(services: Services) {
  const kept = new Map<ProjectId, ProjectSeries>();
  const of = (projectId: ProjectId): ProjectSeries => {
    const series = kept.get(projectId) ?? openProjectSeries(services, projectId);
    kept.set(projectId, series);
    return series;
  };
  return { of, all: () => [...kept.values()] };
}

/** Opens the series of the router itself. */
function openRouterSeries({ settings }: Services) {
  const counts = {
    requests: new Map<string, { labels: { operation: string; status: string }; value: number }>(),
    refusals: createCount(),
    frames: createCount(),
    posts: createCount(),
    commits: createCount(),
  };
  const open = { requests: () => 0 };
  const series = openSeries(ROUTER_METRICS, {
    xem_router_info: () => [{ labels: { version: settings.version }, value: 1 }],
    xem_http_requests_total: () => [...counts.requests.values()],
    xem_http_refusals_total: () => counts.refusals.by('code'),
    xem_http_open_requests: () => [{ value: open.requests() }],
    xem_mesh_frames_total: () => counts.frames.by('kind'),
    xem_webhook_attempts_total: () => counts.posts.by('outcome'),
    xem_journal_commits_total: () => counts.commits.sum(),
  });
  const answered: Meters['answered'] = (operation, code, ms) => {
    const status = `${Math.floor(code / 100)}xx`;
    const key = `${operation} ${status}`;
    const known = counts.requests.get(key);
    if (known) known.value += 1;
    else counts.requests.set(key, { labels: { operation, status }, value: 1 });
    series.observe('xem_http_request_seconds', ms / MS, { operation });
  };
  return { ...counts, series, open, answered };
}

/** Starts to count: entries as they are committed, the rest as it is told. */
export function createMeters(services: Services): Meters {
  const { clock, store } = services;
  const projects = keepProjects(services);
  const router = openRouterSeries(services);
  const process = processRegistry();
  const hear = (entries: readonly JournalEntry[]): void => {
    const nowMs = clock.monotonic();
    router.commits.add('');
    for (const entry of entries) projects.of(entry.project_id).hear(entry, nowMs);
  };
  return {
    answered: router.answered,
    refused: (code) => router.refusals.add(code),
    framed: (kind) => router.frames.add(kind),
    posted: (outcome) => router.posts.add(outcome),
    heldUp: (ms) => router.series.observe('xem_loop_delay_seconds', ms / MS),
    watchOpen: (openRequests) => void (router.open.requests = openRequests),
    ofProject: (projectId) => expose([projects.of(projectId).registry, process()]),
    ofAll: async () => {
      for (const { id } of await store.read.access.projects()) projects.of(id);
      const sums = await summed(projects.all().map(({ registry }) => registry));
      return expose([sums, router.series.registry, process()]);
    },
    close: store.onCommit(hear),
  };
}

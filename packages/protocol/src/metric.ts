/** A series that a program serves to Prometheus: how it is named, what splits it, and what it tells. */
export interface MetricDeclaration {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** Each is bounded by a table of ours or by what it names; no id and no name that somebody chose is a label. */
  readonly labels: readonly string[];
  readonly says: string;
  /** Upper bounds of a histogram, in the unit of its name. */
  readonly buckets?: readonly number[];
}

export type MetricTable = Readonly<Record<string, MetricDeclaration>>;

const counter = <const Labels extends readonly string[]>(labels: Labels, says: string) =>
  ({ kind: 'counter', labels, says }) as const;

const gauge = <const Labels extends readonly string[]>(labels: Labels, says: string) =>
  ({ kind: 'gauge', labels, says }) as const;

const histogram = <const Labels extends readonly string[]>(
  labels: Labels,
  says: string,
  buckets: readonly number[],
) => ({ kind: 'histogram', labels, says, buckets }) as const;

const QUICK_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];
const RUN_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800];
const HUMAN_SECONDS = [1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400];

/** What a router tells of one project; to its operator it tells the sum. All but the gauges count from its start. */
export const PROJECT_METRICS = {
  xem_journal_entries_total: counter(['type'], 'Entries of the journal by type.'),
  xem_journal_head_seq: gauge([], 'Entries the journal holds, from its first.'),
  xem_invocations_created_total: counter(['risk'], 'Calls that were asked for and let in.'),
  xem_invocations_ended_total: counter(['status'], 'Calls that ended, by how.'),
  xem_invocations_open: gauge(['status'], 'Calls that have not ended.'),
  xem_dispatches_total: counter([], 'Attempts that were given to an agent.'),
  xem_dispatch_wait_seconds: histogram(
    [],
    'From a call’s entry into the queue to its order; calls that waited when the router started are left out.',
    [...QUICK_SECONDS, 60, 600],
  ),
  xem_run_seconds: histogram([], 'From the start of a call on its agent to its end.', RUN_SECONDS),
  xem_approvals_total: counter(['event'], 'What happened to approvals.'),
  xem_approval_wait_seconds: histogram([], 'From the question to its answer or its end.', HUMAN_SECONDS),
  xem_decision_to_start_seconds: histogram(
    [],
    'From an approval to the start of the call on its agent.',
    QUICK_SECONDS,
  ),
  xem_agents: gauge(
    ['state'],
    'Agents whose lease holds: `connected`, or `away` while their connection is gone.',
  ),
  xem_agent_slots: gauge(['state'], 'Slots of agents that are connected: `taken` and `free`.'),
  xem_agent_events_total: counter(['event'], 'Agents that came, went, enrolled or were put out.'),
  xem_output_bytes_total: counter(['stream'], 'Bytes of output of attempts that ended.'),
} as const satisfies MetricTable;

/** What a router tells of itself, to its operator only: it speaks of all projects at once. */
export const ROUTER_METRICS = {
  xem_router_info: gauge(['version'], 'Always 1.'),
  xem_http_requests_total: counter(
    ['operation', 'status'],
    'Requests that were answered, by operation and class of status (`2xx`).',
  ),
  xem_http_request_seconds: histogram(
    ['operation'],
    'From a request to the head of its answer; a wait counts, a stream’s length does not.',
    [...QUICK_SECONDS, 60],
  ),
  xem_http_refusals_total: counter(['code'], 'Requests that were refused, by code of the error.'),
  xem_http_open_requests: gauge([], 'Requests that are not answered to their end: waits and streams too.'),
  xem_mesh_frames_total: counter(['kind'], 'Frames that came from agents.'),
  xem_webhook_attempts_total: counter(
    ['outcome'],
    'Events that were sent to a webhook: `taken`, or `failed` and tried again or given up.',
  ),
  xem_journal_commits_total: counter(
    [],
    'Commits that added to a journal; many changes at one time share one.',
  ),
  xem_loop_delay_seconds: histogram(
    [],
    'The longest time that the event loop was held up, once for each second.',
    QUICK_SECONDS,
  ),
} as const satisfies MetricTable;

/** What an agent tells of itself. */
export const AGENT_METRICS = {
  xem_agent_info: gauge(['version'], 'Always 1.'),
  xem_agent_session_open: gauge([], '1 while the agent has a session with its router.'),
  xem_agent_sessions_total: counter([], 'Sessions that were opened.'),
  xem_agent_running: gauge([], 'Runs under way.'),
  xem_agent_unacknowledged: gauge([], 'Attempts whose end the router has not acknowledged, runs included.'),
  xem_agent_slots_max: gauge([], 'How many may run at one time.'),
  xem_agent_orders_refused_total: counter(['reason'], 'Orders that the agent refused.'),
  xem_agent_runs_ended_total: counter(['status'], 'Runs that ended, by how.'),
  xem_agent_spool_bytes: gauge([], 'Bytes in the spool, as they were at most a minute ago.'),
} as const satisfies MetricTable;

/** What every program tells of its process, by prom-client. */
export const PROCESS_METRICS = {
  process_cpu_user_seconds_total: counter([], 'Processor time spent in the program.'),
  process_cpu_system_seconds_total: counter([], 'Processor time spent in the system for it.'),
  process_cpu_seconds_total: counter([], 'Both of them.'),
  process_start_time_seconds: gauge([], 'When the process started, since 1970.'),
  process_resident_memory_bytes: gauge([], 'Memory in use.'),
  process_virtual_memory_bytes: gauge([], 'Address space.'),
  process_heap_bytes: gauge([], 'Data segment.'),
  process_open_fds: gauge([], 'Open files and sockets.'),
  process_max_fds: gauge([], 'How many may be open.'),
  nodejs_eventloop_lag_seconds: gauge([], 'Delay of the event loop while it was asked.'),
  nodejs_eventloop_lag_min_seconds: gauge([], 'Least delay since the last look.'),
  nodejs_eventloop_lag_max_seconds: gauge([], 'Greatest delay since the last look.'),
  nodejs_eventloop_lag_mean_seconds: gauge([], 'Mean delay since the last look.'),
  nodejs_eventloop_lag_stddev_seconds: gauge([], 'Its standard deviation.'),
  nodejs_eventloop_lag_p50_seconds: gauge([], 'Its median.'),
  nodejs_eventloop_lag_p90_seconds: gauge([], 'Nine of ten are below.'),
  nodejs_eventloop_lag_p99_seconds: gauge([], 'Ninety-nine of a hundred are below.'),
  nodejs_active_resources: gauge(['type'], 'What keeps the event loop alive.'),
  nodejs_active_resources_total: gauge([], 'All of it.'),
  nodejs_active_handles: gauge(['type'], 'Handles that are open.'),
  nodejs_active_handles_total: gauge([], 'All of them.'),
  nodejs_active_requests: gauge(['type'], 'Requests of the system under way.'),
  nodejs_active_requests_total: gauge([], 'All of them.'),
  nodejs_heap_size_total_bytes: gauge([], 'Heap taken from the system.'),
  nodejs_heap_size_used_bytes: gauge([], 'Heap in use.'),
  nodejs_external_memory_bytes: gauge([], 'Memory of buffers outside of the heap.'),
  nodejs_heap_space_size_total_bytes: gauge(['space'], 'The same by space.'),
  nodejs_heap_space_size_used_bytes: gauge(['space'], 'In use, by space.'),
  nodejs_heap_space_size_available_bytes: gauge(['space'], 'Left, by space.'),
  nodejs_version_info: gauge(['version', 'major', 'minor', 'patch'], 'Always 1.'),
  nodejs_gc_duration_seconds: histogram(['kind'], 'Collections of garbage.', [0.001, 0.01, 0.1, 1, 2, 5]),
} as const satisfies MetricTable;

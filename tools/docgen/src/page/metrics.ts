import {
  AGENT_METRICS,
  PROCESS_METRICS,
  PROJECT_METRICS,
  ROUTER_METRICS,
  type MetricDeclaration,
  type MetricTable,
} from '@xem/protocol';
import { code, page, table } from '../markdown.ts';

const PARTS: readonly { readonly title: string; readonly intro: string; readonly metrics: MetricTable }[] = [
  {
    title: 'Projects',
    intro:
      'A key with `management` reads those of its project at `/metrics` of the API. The port of `metrics_port` has their sums over all projects. They count from the start of the router; `_open`, `_seq`, agents and slots tell what is.',
    metrics: PROJECT_METRICS,
  },
  {
    title: 'Router',
    intro: 'At `metrics_port` only, since they speak of all projects at once.',
    metrics: ROUTER_METRICS,
  },
  { title: 'Agent', intro: 'At `metrics_port` of the agent.', metrics: AGENT_METRICS },
  { title: 'Process', intro: 'Of router and agent, wherever metrics are read.', metrics: PROCESS_METRICS },
];

const rowsOf = (metrics: MetricTable): readonly (readonly string[])[] =>
  Object.entries<MetricDeclaration>(metrics).map(([name, { kind, labels, says }]) => [
    code(name),
    kind,
    labels.length > 0 ? labels.map(code).join(', ') : '–',
    says,
  ]);

/** The reference of metrics, by who tells them. */
export const metricsPage = (): string =>
  page(
    'Metrics',
    PARTS.flatMap(({ title, intro, metrics }) => [
      `## ${title}`,
      intro,
      table(['Name', 'Kind', 'Labels', 'Meaning'], rowsOf(metrics)),
    ]),
  );

import { groupWords, MINUTE_MS, quorumWords, voterWords, votesWords, type Approval } from '@xem/protocol';
import { renderDetails, type Detail } from '../../render/detail.ts';
import { renderTable, type Column, type TableLayout } from '../../render/table.ts';
import { lengthWords, NOTHING, valueWords } from '../../render/value.ts';
import { statusOf } from './columns.ts';

type Decision = Approval['decisions'][number];

function timeLeft(until: string, now: number): string {
  const ms = Date.parse(until) - now;
  if (ms <= 0) return 'over';
  return ms < MINUTE_MS ? 'less than a minute left' : `${lengthWords(ms - (ms % MINUTE_MS))} left`;
}

const stageOf = ({ stage, status }: Approval, now: number): string => {
  const whom = stage.groups.length === 0 ? 'anybody' : stage.groups.map(groupWords).join(', ');
  const left = status === 'pending' ? `, ${timeLeft(stage.expires_at, now)}` : '';
  return `${stage.index + 1} of ${stage.count}, for ${whom}, until ${stage.expires_at}${left}`;
};

const agreed = ({ decisions }: Approval): string =>
  decisions
    .filter(({ decision }) => decision === 'approve')
    .map(({ decided_by: by }) => by.name)
    .join(', ') || 'nobody yet';

/** Who may still say something, and whether the reader is one of them, as the router judged it. */
const voters = (approval: Approval): readonly Detail[] =>
  approval.status === 'pending'
    ? [
        ['May vote', voterWords(approval)],
        ['You may vote', approval.eligible ? 'yes' : `no: ${approval.ineligible_reason ?? ''}`],
      ]
    : [];

const quorum = (approval: Approval): readonly Detail[] => [
  ['Quorum', quorumWords(approval.quorum)],
  ['Votes', votesWords(approval.quorum)],
  ['Agreed', agreed(approval)],
  ...voters(approval),
];

const call = (approval: Approval): readonly Detail[] => [
  ['Tool', approval.tool],
  ['Risk', approval.risk],
  ['Arguments', approval.args],
  ['Workspace', approval.workspace_id],
  ['Requester', `${approval.requested_by.name} (${approval.requested_by.kind}), by ${approval.surface}`],
  ['Reason', approval.reason ?? NOTHING],
  ['Policy', `${approval.policy.name} version ${approval.policy.version}`],
];

/** Exactly the call that a decision would be over, and how far it is with its quorum. */
export const renderCall = (approval: Approval, now: number, { width }: TableLayout): string =>
  renderDetails(
    [
      ...call(approval),
      ...quorum(approval),
      ['Stage', stageOf(approval, now)],
      ['Page', approval.url],
      ['Call', approval.call_sha256],
    ],
    width,
  );

const ending = (approval: Approval): readonly Detail[] =>
  approval.status === 'pending'
    ? []
    : [
        ['Decided by', valueWords(approval.decided_by)],
        ['Note', approval.decision_note ?? NOTHING],
        ['Decided', valueWords(approval.decided_at)],
      ];

function wayOf({ via }: Decision['decided_by']): string {
  if (!via) return '';
  return via.kind === 'break_glass' ? ', broke the glass' : `, by a link of ${via.of}`;
}

const DECISIONS: readonly Column<Decision>[] = [
  { title: 'Decision', of: ({ decision }) => decision },
  { title: 'By', of: ({ decided_by: by }) => `${by.name}${wayOf(by)}`, elastic: true },
  { title: 'Channel', of: ({ channel }) => channel },
  { title: 'Stage', of: ({ stage }) => stage + 1 },
  { title: 'At', of: ({ at }) => at },
  { title: 'Note', of: ({ note }) => note, elastic: true },
];

const decisionsOf = ({ decisions }: Approval, layout: TableLayout): string =>
  decisions.length === 0 ? '' : `\n${renderTable(DECISIONS, decisions, { ...layout, wide: 'all' })}`;

/** Everything about an approval, the decisions last. */
export function renderApproval(approval: Approval, now: number, layout: TableLayout): string {
  const details = renderDetails(
    [
      ['ID', approval.id],
      ['Status', statusOf(approval)],
      ['Kind', approval.kind],
      ...call(approval),
      ...quorum(approval),
      ...ending(approval),
      ['Stage', stageOf(approval, now)],
      ['Expires', approval.expires_at],
      ['Created', approval.created_at],
      ['Type the tool back', valueWords(approval.confirm_required)],
      ['Page', approval.url],
      ['Invocation', approval.invocation_id],
      ['Project', approval.project_id],
      ['Policy ID', approval.policy.id],
      ['Call', approval.call_sha256],
      ['Arguments hash', approval.args_sha256],
      ['Tool digest', approval.tool_digest],
    ],
    layout.width,
  );
  return details + decisionsOf(approval, layout);
}

import {
  groupWords,
  voterWords,
  votesWords,
  type Approval,
  type Invocation,
  type ToolDescriptor,
} from '@xem/protocol';
import { html } from 'hono/html';
import { approvalForms, glassForm, linkForm, type Desk } from './approval-forms.ts';
import type { ArgsChange } from './args-diff.ts';
import type { Markup } from './layout.ts';
import { timeLeft } from './time-left.ts';
import { visible } from './visible.ts';

/** What the page of an approval shows. */
export interface ApprovalView {
  readonly approval: Approval;
  readonly workspaceName: string;
  /** Null when no online agent has it. */
  readonly tool: ToolDescriptor | null;
  /** Against the last run of this tool in this workspace; null when there was none. */
  readonly changes: readonly ArgsChange[] | null;
  readonly invocation: Invocation;
  readonly now: number;
  readonly desk: Desk;
}

const row = (term: string, what: unknown): Markup =>
  html`<dt>${term}</dt>
    <dd>${what}</dd>`;

/** Who has agreed, by name. */
function agreed({ decisions }: Approval): Markup | string {
  const names = decisions
    .filter(({ decision }) => decision === 'approve')
    .map(({ decided_by: by }) => by.name);
  return names.length === 0 ? 'nobody yet' : html`${visible(names.join(', '))}`;
}

const stageOf = ({ stage }: Approval): string => {
  const groups = stage.groups.length === 0 ? 'for anybody' : `for ${stage.groups.map(groupWords).join(', ')}`;
  return `${stage.index + 1} of ${stage.count}, ${groups}, until ${stage.expires_at}`;
};

function facts({ approval, workspaceName, tool, invocation, now }: ApprovalView): Markup {
  const { requested_by: requester, stage } = approval;
  const end = Date.parse(stage.expires_at);
  const left =
    approval.status === 'pending' ? `${timeLeft(end, now)} left, until ${stage.expires_at}` : 'settled';
  return html`<dl>
    ${row('Tool', html`<b>${visible(approval.tool)}</b>`)}
    ${row('What it does', tool ? visible(tool.description) : 'not published by any online agent now')}
    ${row('Workspace', html`${visible(workspaceName)} <code>${approval.workspace_id}</code>`)}
    ${row('Runs on', invocation.pinned_agent_id ? html`<code>${invocation.pinned_agent_id}</code>` : 'any agent of the workspace')}
    ${row('For at most', `${invocation.timeout_ms} ms`)}
    ${row('Risk', html`<span class="badge ${approval.risk}">${approval.risk}</span>`)}
    ${row('Asked by', html`${visible(requester.name)} (${requester.kind}) through ${approval.surface}, ${approval.created_at}`)}
    ${row('Reason', approval.reason === null ? 'none given' : html`<blockquote>${visible(approval.reason)}</blockquote>`)}
    ${row('Time', left)}
    ${row('Policy', html`${visible(approval.policy.name)}, version ${approval.policy.version}`)}
    ${row('Stage', visible(stageOf(approval)))} ${row('Votes', visible(votesWords(approval.quorum)))}
    ${row('Agreed', agreed(approval))}
    ${approval.status === 'pending' ? row('May vote', visible(voterWords(approval))) : ''}
  </dl>`;
}

const changeRow = ({ pointer, before, after }: ArgsChange): Markup =>
  html`<tr>
    <td><code>${visible(pointer)}</code></td>
    <td>${before === null ? 'absent' : html`<code>${visible(before)}</code>`}</td>
    <td>${after === null ? 'absent' : html`<code>${visible(after)}</code>`}</td>
  </tr>`;

function difference({ changes }: ApprovalView): Markup {
  if (changes === null) return html`<p>This tool has not run in this workspace before.</p>`;
  if (changes.length === 0) return html`<p>The arguments are those of its last run here.</p>`;
  return html`<div class="wide">
    <table>
      <caption>
        Against its last run here
      </caption>
      <thead>
        <tr>
          <th scope="col">Member</th>
          <th scope="col">Then</th>
          <th scope="col">Now</th>
        </tr>
      </thead>
      <tbody>
        ${changes.map(changeRow)}
      </tbody>
    </table>
  </div>`;
}

/** How somebody came to decide, where it was not by themselves or not as one of several. */
function wayOf({ via }: Approval['decisions'][number]['decided_by']): Markup | '' {
  if (!via) return '';
  return via.kind === 'break_glass'
    ? html` <b>broke the glass</b>`
    : html` by a link of <code>${via.of}</code>`;
}

const decisionRow = ({
  decision,
  decided_by: by,
  note,
  channel,
  at,
}: Approval['decisions'][number]): Markup =>
  html`<tr>
    <td>${decision === 'approve' ? 'approved' : 'rejected'}</td>
    <td>${visible(by.name)}${wayOf(by)}</td>
    <td>${channel}, ${at}</td>
    <td>${note === null ? '' : visible(note)}</td>
  </tr>`;

const decisions = ({ approval }: ApprovalView): Markup | '' =>
  approval.decisions.length === 0
    ? ''
    : html`<h2>Decisions</h2>
        <div class="wide">
          <table>
            <tbody>
              ${approval.decisions.map(decisionRow)}
            </tbody>
          </table>
        </div>`;

/** Marks, wherever an approval shows, that one person settled it alone. */
export const glassBadge = ({ kind }: Pick<Approval, 'kind'>): Markup | '' =>
  kind === 'break_glass' ? html`<span class="badge irreversible">break-glass</span>` : '';

function ending({ approval, invocation }: ApprovalView): Markup {
  const { decided_by: by, decided_at: at } = approval;
  const tone = approval.status === 'approved' ? 'good' : 'bad';
  return html`<div class="notice ${tone}" role="status">
    <p>
      This approval is
      <b>${approval.status}</b
      >${by ? html` by ${visible(by.name)}${wayOf(by)}` : ''}${at ? html`, ${at}` : ''}. The call is
      <b class="${invocation.status}">${invocation.status}</b
      >${invocation.error ? html`: ${visible(invocation.error.message)}` : ''}.
    </p>
  </div>`;
}

function verdict(view: ApprovalView): Markup {
  const { approval } = view;
  if (approval.status !== 'pending') return ending(view);
  const { desk } = view;
  const glass = desk.mayBreakGlass ? glassForm(approval, desk) : '';
  if (approval.eligible) {
    const link = desk.reviewers.length > 0 ? linkForm(desk) : '';
    return html`${approvalForms(approval, desk)} ${link} ${glass}`;
  }
  return html`<p class="notice" role="status">
      You cannot decide this: ${visible(approval.ineligible_reason ?? '')}.
    </p>
    ${glass}`;
}

/** The page of one approval: exactly the call, and the decision over it. */
export function approvalMarkup(view: ApprovalView): Markup {
  const { approval } = view;
  return html`
    <h1>
      ${visible(approval.tool)}
      <span class="badge ${approval.status}">${approval.status}</span> ${glassBadge(approval)}
    </h1>
    ${facts(view)}
    <h2>Arguments</h2>
    <pre tabindex="0">${visible(JSON.stringify(approval.args, null, 2))}</pre>
    ${difference(view)} ${decisions(view)} ${verdict(view)}
    <h2>Fingerprints</h2>
    <dl>
      ${row('Call', html`<code>${approval.call_sha256}</code>`)}
      ${row('Arguments', html`<code>${approval.args_sha256}</code>`)}
      ${row('Tool', html`<code>${approval.tool_digest}</code>`)}
      ${row('Invocation', html`<code>${approval.invocation_id}</code>`)}
      ${row('Approval', html`<code>${approval.id}</code>`)}
    </dl>
  `;
}

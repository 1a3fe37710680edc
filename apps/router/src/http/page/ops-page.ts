import { approval, invocation, type VerbContext } from '@xem/domain';
import { listApprovals, listInvocations, votesWords, type Approval, type Invocation } from '@xem/protocol';
import { html } from 'hono/html';
import { admission } from '../admit.ts';
import type { Exchange } from '../edge.ts';
import { glassBadge } from './approval-view.ts';
import { findBrowser } from './browser.ts';
import { answerPage, type Markup } from './layout.ts';
import { askToSignIn } from './sign-in.ts';
import { timeLeft } from './time-left.ts';
import { visible } from './visible.ts';

const admitReader = admission(listApprovals);
const PENDING_SHOWN = 100;
const RECENT_SHOWN = 25;

const pendingRow = (waiting: Approval, now: number): Markup =>
  html`<tr>
    <td><a href="/approvals/${waiting.id}">${visible(waiting.tool)}</a></td>
    <td><span class="badge ${waiting.risk}">${waiting.risk}</span></td>
    <td>${visible(waiting.requested_by.name)}</td>
    <td>${visible(votesWords(waiting.quorum))}</td>
    <td>${waiting.eligible ? 'yes' : html`no: ${visible(waiting.ineligible_reason ?? '')}`}</td>
    <td>${timeLeft(Date.parse(waiting.stage.expires_at), now)}</td>
  </tr>`;

/** A call that was asked for, and the decision that let it run where there was one. */
interface RecentCall {
  readonly call: Invocation;
  readonly gate: Approval | null;
}

const gateOf = async (ctx: VerbContext, { approval: gate }: Invocation): Promise<Approval | null> =>
  gate?.status === 'approved' ? approval.get(ctx, { id: gate.id }) : null;

async function recentCalls(ctx: VerbContext): Promise<readonly RecentCall[]> {
  const { data } = await invocation.list(ctx, listInvocations.input.parse({ limit: RECENT_SHOWN }));
  return Promise.all(data.map(async (call) => ({ call, gate: await gateOf(ctx, call) })));
}

const callRow = ({ call, gate }: RecentCall): Markup =>
  html`<tr>
    <td>
      ${call.approval ? html`<a href="/approvals/${call.approval.id}">${visible(call.tool)}</a>` : visible(call.tool)}
    </td>
    <td><span class="badge ${call.status}">${call.status}</span> ${gate ? glassBadge(gate) : ''}</td>
    <td>${visible(call.requested_by.name)}</td>
    <td>${call.created_at}</td>
  </tr>`;

function table(columns: readonly string[], rows: readonly Markup[], nothing: string): Markup {
  if (rows.length === 0) return html`<p>${nothing}</p>`;
  const heads = columns.map((column) => html`<th scope="col">${column}</th>`);
  return html`<div class="wide">
    <table>
      <thead>
        <tr>
          ${heads}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** Shows what waits for a decision and what was asked for lately. */
export async function showOps(exchange: Exchange): Promise<Response> {
  const browser = await findBrowser(exchange);
  if (!browser) return askToSignIn(exchange);
  const { ctx } = await admitReader(exchange, browser.caller, 'console');
  const [pending, recent] = await Promise.all([
    approval.list(ctx, listApprovals.input.parse({ status: 'pending', limit: PENDING_SHOWN })),
    recentCalls(ctx),
  ]);
  const now = ctx.clock.now();
  const waiting = pending.data.map((each) => pendingRow(each, now));
  const body = html`
    <h1>Operations</h1>
    <p><a href="/ops">Refresh</a></p>
    <h2>Waiting for a decision</h2>
    ${table(['Tool', 'Risk', 'Asked by', 'Votes', 'You may decide', 'Time left'], waiting, 'Nothing waits.')}
    <h2>Recent calls</h2>
    ${table(['Tool', 'Status', 'Asked by', 'Created'], recent.map(callRow), 'Nothing was asked for yet.')}
  `;
  return answerPage(exchange, 200, { title: 'Operations', session: browser, body });
}

import { approval, invocation, tool, workspace, type BrowserCaller, type VerbContext } from '@xem/domain';
import { ExecError } from '@xem/errors';
import {
  ApprovalId,
  approveApproval,
  getApproval,
  listInvocations,
  rejectApproval,
  type Approval,
  type ToolDescriptor,
} from '@xem/protocol';
import { html } from 'hono/html';
import { admission } from '../admit.ts';
import { toRefusal } from '../answer.ts';
import type { Exchange } from '../edge.ts';
import { approvalMarkup } from './approval-view.ts';
import { diffArgs, type ArgsChange } from './args-diff.ts';
import { findBrowser, readForm, senderOf, type Form } from './browser.ts';
import { answerPage, answerSeeOther } from './layout.ts';
import { askToSignIn } from './sign-in.ts';
import { visible } from './visible.ts';

const admitReader = admission(getApproval);
const admitApprover = admission(approveApproval);
const admitRejecter = admission(rejectApproval);

const isCode = (err: unknown, code: string): boolean => err instanceof ExecError && err.code === code;

async function describeTool(ctx: VerbContext, shown: Approval): Promise<ToolDescriptor | null> {
  try {
    return await tool.get(ctx, { name: shown.tool, digest: shown.tool_digest });
  } catch (err) {
    if (isCode(err, 'exec_tool_not_found')) return null;
    throw err;
  }
}

async function changesSince(ctx: VerbContext, shown: Approval): Promise<readonly ArgsChange[] | null> {
  const { workspace_id: workspaceId, tool: name } = shown;
  const query = { workspace_id: workspaceId, tool: name, status: 'completed', limit: 1 } as const;
  const { data } = await invocation.list(ctx, listInvocations.input.parse(query));
  return data[0] ? diffArgs(data[0].args, shown.args) : null;
}

function idOf({ c }: Exchange): ApprovalId {
  const id = ApprovalId.safeParse(c.req.param('id'));
  if (id.success) return id.data;
  throw new ExecError('approval_not_found');
}

interface Shown {
  readonly browser: BrowserCaller;
  /** Why the decision that was just sent did not count. */
  readonly refusal?: ExecError;
}

async function answerApproval(exchange: Exchange, { browser, refusal }: Shown): Promise<Response> {
  const { ctx } = await admitReader(exchange, browser.caller, 'console');
  const shown = await approval.get(ctx, { id: idOf(exchange) });
  const [place, call, known, changes] = await Promise.all([
    workspace.get(ctx, { workspace_id: shown.workspace_id }),
    invocation.get(ctx, { id: shown.invocation_id }),
    describeTool(ctx, shown),
    changesSince(ctx, shown),
  ]);
  const page = approvalMarkup({
    approval: shown,
    workspaceName: place.name,
    invocation: call,
    tool: known,
    changes,
    now: ctx.clock.now(),
    csrfToken: browser.csrfToken,
  });
  const notice = refusal ? html`<p class="notice bad" role="alert">${visible(refusal.message)}</p>` : '';
  const title = `${shown.tool}: ${shown.status}`;
  return answerPage(exchange, refusal?.status ?? 200, {
    title,
    session: browser,
    body: html`${notice}${page}`,
  });
}

/** Shows an approval to whoever is signed in. Decides nothing. */
export async function showApproval(exchange: Exchange): Promise<Response> {
  const browser = await findBrowser(exchange);
  return browser ? answerApproval(exchange, { browser }) : askToSignIn(exchange);
}

/** The members a form filled in. */
const filled = (form: Form, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (form[name] ? [[name, form[name]]] : [])));

type Decide = (exchange: Exchange, browser: BrowserCaller, form: Form) => Promise<unknown>;

const approve: Decide = async (exchange, { caller }, form) => {
  const { ctx } = await admitApprover(exchange, caller, 'console');
  if (!form['call_sha256'])
    throw new ExecError('approval_stale', 'the form does not say which call it showed');
  const input = { id: idOf(exchange), ...filled(form, ['note', 'confirm', 'call_sha256']) };
  const parsed = approveApproval.input.safeParse(input);
  if (!parsed.success) throw new ExecError('invalid_body', parsed.error.issues[0]?.message);
  return approval.approve(ctx, parsed.data);
};

const reject: Decide = async (exchange, { caller }, form) => {
  const { ctx } = await admitRejecter(exchange, caller, 'console');
  const parsed = rejectApproval.input.safeParse({ id: idOf(exchange), ...filled(form, ['reason']) });
  if (!parsed.success) throw new ExecError('invalid_body', parsed.error.issues[0]?.message);
  return approval.reject(ctx, parsed.data);
};

/** Takes a decision from its form; one that does not count is answered with the page and the reason. */
const take =
  (decide: Decide) =>
  async (exchange: Exchange): Promise<Response> => {
    const form = await readForm(exchange);
    const browser = await senderOf(exchange, form);
    try {
      await decide(exchange, browser, form);
    } catch (err) {
      const refusal = toRefusal(err);
      if (refusal.code === 'internal' || refusal.code === 'approval_not_found') throw err;
      return answerApproval(exchange, { browser, refusal });
    }
    return answerSeeOther(exchange, `/approvals/${idOf(exchange)}`);
  };

export const takeApprove = take(approve);
export const takeReject = take(reject);

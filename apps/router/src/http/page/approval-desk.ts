import {
  approval,
  invocation,
  mayBreakGlass,
  reviewersOf,
  tool,
  workspace,
  type BrowserCaller,
  type VerbContext,
} from '@xem/domain';
import { ExecError } from '@xem/errors';
import {
  approveApproval,
  getApproval,
  listInvocations,
  rejectApproval,
  type Approval,
  type ApprovalId,
  type ToolDescriptor,
} from '@xem/protocol';
import { html } from 'hono/html';
import type { z } from 'zod';
import { admission } from '../admit.ts';
import type { Exchange } from '../edge.ts';
import { approvalMarkup } from './approval-view.ts';
import { diffArgs, type ArgsChange } from './args-diff.ts';
import type { Form } from './browser.ts';
import { answerPage, type Markup } from './layout.ts';
import { visible } from './visible.ts';

const admitReader = admission(getApproval);
const admitApprover = admission(approveApproval);
const admitRejecter = admission(rejectApproval);

/** Somebody in front of one approval: signed in, or by a link. */
export interface Decider {
  readonly browser: BrowserCaller;
  readonly id: ApprovalId;
  /** The path below which their forms are sent. */
  readonly base: string;
}

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

interface Told {
  readonly status: number;
  readonly notice: Markup;
}

/** What says to a person why what they sent did not count. */
export const refusalNotice = (refusal: ExecError): Told => ({
  status: refusal.status ?? 500,
  notice: html`<p class="notice bad" role="alert">${visible(refusal.message)}</p>`,
});

/** Answers the page of an approval, below what there is to tell. */
export async function answerApproval(
  exchange: Exchange,
  { browser, id, base }: Decider,
  told?: Told,
): Promise<Response> {
  const { ctx } = await admitReader(exchange, browser.caller, 'console');
  const shown = await approval.get(ctx, { id });
  const [place, call, known, changes, reviewers, glass] = await Promise.all([
    workspace.get(ctx, { workspace_id: shown.workspace_id }),
    invocation.get(ctx, { id: shown.invocation_id }),
    describeTool(ctx, shown),
    changesSince(ctx, shown),
    reviewersOf(ctx, id),
    mayBreakGlass(ctx, id),
  ]);
  const page = approvalMarkup({
    approval: shown,
    workspaceName: place.name,
    invocation: call,
    tool: known,
    changes,
    now: ctx.clock.now(),
    desk: { base, csrfToken: browser.csrfToken, reviewers, mayBreakGlass: glass },
  });
  return answerPage(exchange, told?.status ?? 200, {
    title: `${shown.tool}: ${shown.status}`,
    session: browser.caller.credential.link ? undefined : browser,
    body: html`${told?.notice ?? ''}${page}`,
  });
}

/** The members a form filled in, as an operation wants them. @throws ExecError invalid_body */
export function filled<Input extends z.ZodObject>(
  { input }: { readonly input: Input },
  { id }: Decider,
  form: Form,
): z.output<Input> {
  const names = Object.keys(input.shape).filter((name) => name !== 'id' && form[name]);
  const given = Object.fromEntries(names.map((name) => [name, form[name]]));
  const parsed = input.safeParse({ ...given, id });
  if (parsed.success) return parsed.data;
  throw new ExecError('invalid_body', parsed.error.issues[0]?.message);
}

/** Refuses a yes that does not say which call was shown. @throws ExecError approval_stale */
export function assertShown(form: Form): void {
  if (!form['call_sha256'])
    throw new ExecError('approval_stale', 'the form does not say which call it showed');
}

/** Takes what somebody sent in about an approval. */
export type Take = (exchange: Exchange, decider: Decider, form: Form) => Promise<unknown>;

export const approve: Take = async (exchange, decider, form) => {
  const { ctx } = await admitApprover(exchange, decider.browser.caller, 'console');
  assertShown(form);
  return approval.approve(ctx, filled(approveApproval, decider, form));
};

export const reject: Take = async (exchange, decider, form) => {
  const { ctx } = await admitRejecter(exchange, decider.browser.caller, 'console');
  return approval.reject(ctx, filled(rejectApproval, decider, form));
};

import { approval, type BrowserCaller } from '@xem/domain';
import { ExecError } from '@xem/errors';
import { ApprovalId, breakGlassApproval, linkApproval, type ApprovalLink } from '@xem/protocol';
import { html } from 'hono/html';
import { admission } from '../admit.ts';
import { toRefusal } from '../answer.ts';
import type { Exchange } from '../edge.ts';
import {
  answerApproval,
  approve,
  assertShown,
  filled,
  refusalNotice,
  reject,
  type Decider,
  type Take,
} from './approval-desk.ts';
import { findBrowser, readForm, senderOf, type Form } from './browser.ts';
import { answerSeeOther, type Markup } from './layout.ts';
import { askToSignIn } from './sign-in.ts';
import { visible } from './visible.ts';

const admitGlassBreaker = admission(breakGlassApproval);
const admitLinker = admission(linkApproval);

function signedIn({ c }: Exchange, browser: BrowserCaller): Decider {
  const id = ApprovalId.safeParse(c.req.param('id'));
  if (id.success) return { browser, id: id.data, base: `/approvals/${id.data}` };
  throw new ExecError('approval_not_found');
}

/** Shows an approval to whoever is signed in. Decides nothing. */
export async function showApproval(exchange: Exchange): Promise<Response> {
  const browser = await findBrowser(exchange);
  return browser ? answerApproval(exchange, signedIn(exchange, browser)) : askToSignIn(exchange);
}

type Answer<Result> = (exchange: Exchange, decider: Decider, result: Result) => Promise<Response> | Response;

/** Takes what a form sends; what does not count is answered with the page and the reason. */
const take =
  <Result>(
    act: (exchange: Exchange, decider: Decider, form: Form) => Promise<Result>,
    answer: Answer<Result>,
  ) =>
  async (exchange: Exchange): Promise<Response> => {
    const form = await readForm(exchange);
    const decider = signedIn(exchange, await senderOf(exchange, form));
    try {
      return await answer(exchange, decider, await act(exchange, decider, form));
    } catch (err) {
      const refusal = toRefusal(err);
      if (refusal.code === 'internal' || refusal.code === 'approval_not_found') throw err;
      return answerApproval(exchange, decider, refusalNotice(refusal));
    }
  };

const again: Answer<unknown> = (exchange, { base }) => answerSeeOther(exchange, base);

const breakGlass: Take = async (exchange, decider, form) => {
  const { ctx } = await admitGlassBreaker(exchange, decider.browser.caller, 'console');
  assertShown(form);
  return approval.breakGlass(ctx, filled(breakGlassApproval, decider, form));
};

async function link(exchange: Exchange, decider: Decider, form: Form): Promise<ApprovalLink> {
  const { ctx } = await admitLinker(exchange, decider.browser.caller, 'console');
  return approval.link(ctx, filled(linkApproval, decider, form));
}

const linkNotice = ({ url = '', reviewer, expires_at: end }: ApprovalLink): Markup =>
  html`<div class="notice good" role="status">
    <p>Send this to ${visible(reviewer.name)}, and to nobody else. It is good once, until ${end}.</p>
    <p><code>${url}</code></p>
  </div>`;

export const takeApprove = take(approve, again);
export const takeReject = take(reject, again);
export const takeBreakGlass = take(breakGlass, again);
export const takeLink = take(link, (exchange, decider, made) =>
  answerApproval(exchange, decider, { status: 200, notice: linkNotice(made) }),
);

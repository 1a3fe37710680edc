import type { Approval, PrincipalRef } from '@xem/protocol';
import { html } from 'hono/html';
import type { Markup } from './layout.ts';
import { visible } from './visible.ts';

/** Where somebody decides, and what they may do there. */
export interface Desk {
  /** The path below which the forms are sent. */
  readonly base: string;
  readonly csrfToken: string;
  /** Whom they may name as the reviewer of a link. */
  readonly reviewers: readonly PrincipalRef[];
  readonly mayBreakGlass: boolean;
}

const csrf = ({ csrfToken }: Desk): Markup => html`<input type="hidden" name="csrf" value="${csrfToken}" />`;

const hidden = (approval: Approval, desk: Desk): Markup => html`
  ${csrf(desk)} <input type="hidden" name="call_sha256" value="${approval.call_sha256}" />
`;

const confirmField = (approval: Approval): Markup | '' =>
  approval.confirm_required
    ? html`<label
        >This cannot be undone. Type <b>${approval.tool}</b> to confirm
        <input
          name="confirm"
          required
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          class="mono"
      /></label>`
    : '';

/** The two answers to a waiting call. */
export const approvalForms = (approval: Approval, desk: Desk): Markup => html`
  <form method="post" action="${desk.base}/approve">
    <fieldset>
      <legend>Let it run</legend>
      ${hidden(approval, desk)} ${confirmField(approval)}
      <label>Note (optional) <input name="note" maxlength="2000" autocomplete="off" /></label>
      <button class="approve">Approve</button>
    </fieldset>
  </form>
  <form method="post" action="${desk.base}/reject">
    <fieldset>
      <legend>Refuse it</legend>
      ${hidden(approval, desk)}
      <label>Reason, told to whoever asked <input name="reason" maxlength="2000" autocomplete="off" /></label>
      <button class="reject">Reject</button>
    </fieldset>
  </form>
`;

const option = ({ id, name }: PrincipalRef): Markup => html`<option value="${id}">${visible(name)}</option>`;

/** Hands one's vote to a named reviewer. */
export const linkForm = (desk: Desk): Markup => html`
  <details>
    <summary>Let somebody else decide by a one-time link</summary>
    <form method="post" action="${desk.base}/links">
      <fieldset>
        <legend>One-time link</legend>
        ${csrf(desk)}
        <label
          >Reviewer
          <select name="reviewer" required>
            ${desk.reviewers.map(option)}
          </select></label
        >
        <p>Their vote uses up yours too. The address is shown once.</p>
        <button>Make a link</button>
      </fieldset>
    </form>
  </details>
`;

/** Lets it run alone. */
export const glassForm = (approval: Approval, desk: Desk): Markup => html`
  <details>
    <summary>Emergency: break the glass</summary>
    <form method="post" action="${desk.base}/break-glass">
      <fieldset>
        <legend>Let it run on your word alone</legend>
        ${hidden(approval, desk)} ${confirmField(approval)}
        <label
          >Why it cannot wait, told to everybody
          <input name="reason" required maxlength="500" autocomplete="off"
        /></label>
        <button class="reject">Break the glass</button>
      </fieldset>
    </form>
  </details>
`;

import type { Caller } from '@xem/domain';
import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Exchange } from '../edge.ts';
import { visible } from './visible.ts';

/** A piece of a page. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What a page may load and do: its style sheet and forms to this host, nothing else, in no frame. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

interface PageParts {
  readonly title: string;
  readonly body: Markup;
  /** Who is signed in, and the token of their forms. */
  readonly session?: { readonly caller: Caller; readonly csrfToken: string } | undefined;
  /** Markup for the head; of the page's own making. */
  readonly head?: Markup;
}

const signedIn = ({ caller, csrfToken }: NonNullable<PageParts['session']>): Markup => html`
  <form method="post" action="/sign-out">
    <input type="hidden" name="csrf" value="${csrfToken}" />
    ${visible(caller.principal.name)} · ${visible(caller.project.name)}
    <button class="plain">Sign out</button>
  </form>
`;

/** Answers a page with the headers every page carries. */
export async function answerPage(
  exchange: Pick<Exchange, 'headers'>,
  status: number,
  page: PageParts,
): Promise<Response> {
  const text = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${page.title} · XEM</title>
        <link rel="stylesheet" href="/assets/page.css" />
        ${page.head ?? ''}
      </head>
      <body>
        <header><a href="/ops">XEM</a> ${page.session ? signedIn(page.session) : ''}</header>
        <main>${page.body}</main>
      </body>
    </html>`;
  const headers = {
    ...exchange.headers,
    'content-security-policy': PAGE_POLICY,
    'content-type': 'text/html; charset=utf-8',
  };
  return new Response(text.toString(), { status, headers });
}

/** Answers that another page is to be read with GET. `location` is a path of ours. */
export function answerSeeOther({ headers }: Pick<Exchange, 'headers'>, location: string): Response {
  return new Response(null, { status: 303, headers: { ...headers, location } });
}

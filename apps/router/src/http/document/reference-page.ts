import { ERROR_CATALOG, ERROR_CODES, statusesOf, type ErrorCode, type ErrorRow } from '@xem/errors';
import { OPERATIONS, pathParameters, type Operation } from '@xem/protocol';
import { html } from 'hono/html';
import { takesBody } from '../input.ts';
import type { Markup } from '../page/layout.ts';

const mono = (text: string): Markup => html`<code>${text}</code>`;

function listed(words: readonly string[], nothing: string): Markup | string {
  if (words.length === 0) return nothing;
  return html`${words.map((word, at) => html`${at > 0 ? ', ' : ''}${mono(word)}`)}`;
}

const row = (term: string, what: unknown): Markup =>
  html`<dt>${term}</dt>
    <dd>${what}</dd>`;

function section(operation: Operation): Markup {
  const { id, method, path, scope, summary, input, headers = [], errors } = operation;
  const inPath = pathParameters(path);
  const members = Object.keys(input.shape).filter((name) => !inPath.includes(name));
  return html`<section>
    <h2 id="${id}">${summary}</h2>
    <pre tabindex="0">${method} /v1${path}</pre>
    <dl>
      ${row('Operation', mono(id))} ${row('Scope', scope)}
      ${row(takesBody(operation) ? 'Body' : 'Query', listed(members, 'none'))}
      ${headers.length > 0 ? row('Headers', listed(headers, 'none')) : ''}
      ${row('Answers', `${operation.status ?? 200}, ${operation.answers}`)}
      ${row('Errors', listed(errors, 'the common ones'))}
    </dl>
  </section>`;
}

function errorRow(code: ErrorCode): Markup {
  const { says, fix, retry }: ErrorRow = ERROR_CATALOG[code];
  return html`<tr>
    <td>${mono(code)}</td>
    <td>${statusesOf(code).join(' or ')}</td>
    <td>${retry}</td>
    <td>${says} ${fix}</td>
  </tr>`;
}

const errorTable = (): Markup =>
  html`<h2 id="errors">Errors</h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Status</th>
            <th scope="col">Retry</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          ${ERROR_CODES.filter((code) => statusesOf(code).length > 0).map(errorRow)}
        </tbody>
      </table>
    </div>`;

/** The reference of the API for people, made from the same table as the document for programs. */
export const referenceMarkup = (): Markup => html`
  <h1>API reference</h1>
  <p>
    The same for programs: <a href="/openapi.json">/openapi.json</a>. Send
    <code>Authorization: Bearer &lt;key&gt;</code>. Every route stands below <code>/v1</code> and below
    <code>/&lt;project id&gt;/v1</code>.
  </p>
  <nav aria-label="Operations">
    <ul>
      ${OPERATIONS.map(({ id, method, path }) => html`<li><a href="#${id}">${method} ${path}</a></li>`)}
      <li><a href="#errors">Errors</a></li>
    </ul>
  </nav>
  ${OPERATIONS.map(section)} ${errorTable()}
`;

import { ApprovalLink, WhoAmI, type Invocation } from '@xem/protocol';
import { decideWith, type Caller } from './caller.ts';

/** Somebody in front of a waiting call; answers the HTTP status of what they do, null when none came. */
export type Act = () => Promise<number | null>;

const SENT_FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** The two humans of a race: the first may break the glass, the second mints links. */
const humansOf = ({ tenant: { humans } }: Caller): readonly [string, string] => [
  humans[0],
  humans[1] ?? humans[0],
];

/** Approves as one of the two. */
export const approving =
  (who: 0 | 1) =>
  async (me: Caller, call: Invocation): Promise<Act> =>
  () =>
    decideWith(me, { call, key: humansOf(me)[who], verb: 'approve', body: { confirm: call.tool } });

/** Rejects as the second. */
export const rejecting =
  async (me: Caller, call: Invocation): Promise<Act> =>
  () =>
    decideWith(me, { call, key: humansOf(me)[1], verb: 'reject', body: { reason: 'not today' } });

/** Breaks the glass as the first. */
export const breakingGlass =
  async (me: Caller, call: Invocation): Promise<Act> =>
  () =>
    decideWith(me, { call, key: humansOf(me)[0], verb: 'break-glass', body: { reason: 'it burns' } });

async function mint(
  { mesh }: Caller,
  { approval }: Invocation,
  [reviewerKey, key]: readonly [string, string],
) {
  const { body: who } = await mesh.call({ path: '/v1/whoami', key: reviewerKey });
  const path = `/v1/exec/approvals/${approval?.id}/links`;
  const body = { reviewer: WhoAmI.parse(who).principal.id };
  const { body: link } = await mesh.call({ method: 'POST', path, key, body });
  return new URL(ApprovalLink.parse(link).url ?? '');
}

const csrfIn = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/name="(csrf|call_sha256)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

/** Approves by a link that the second human made for the first, as a browser without a key would. */
export async function approvingByLink(me: Caller, call: Invocation): Promise<Act> {
  const { origin, pathname } = await mint(me, call, humansOf(me));
  const token = pathname.split('/').at(-1) ?? '';
  const opened = await fetch(`${origin}/approve`, {
    method: 'POST',
    body: new URLSearchParams({ token }).toString(),
    headers: SENT_FORM,
    redirect: 'manual',
  });
  if (opened.status !== 303) throw new Error(`a link was not opened: ${opened.status}`);
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  const path = `${origin}${opened.headers.get('location') ?? ''}`;
  const page = await fetch(path, { headers: { cookie } });
  const fields = { ...csrfIn(await page.text()), confirm: call.tool };
  return async () => {
    const body = new URLSearchParams(fields).toString();
    const answer = await fetch(`${path}/approve`, {
      method: 'POST',
      body,
      headers: { ...SENT_FORM, cookie },
    });
    return answer.status;
  };
}

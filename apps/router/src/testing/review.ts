import { ApprovalLink, type Invocation } from '@xem/protocol';
import { hiddenFields, testBrowser, type TestBrowser } from './browser.ts';
import type { HttpWorld } from './http-world.ts';

/** Has the approver mint a link for the operator. */
export async function mintLink(world: HttpWorld, { approval }: Invocation): Promise<ApprovalLink> {
  const answer = await world.call(`POST /v1/exec/approvals/${approval?.id}/links`, {
    key: world.seed.keys.approver,
    body: { reviewer: world.operator.actor.id },
  });
  return ApprovalLink.parse(await answer.json());
}

/** The path in the address of a link. */
export const pathOf = ({ url = '' }: ApprovalLink): string => new URL(url).pathname;

/** Presses the button of a link's page; answers the path that it leads to. */
export async function openLinkAt(browser: TestBrowser, path: string): Promise<string> {
  const page = await (await browser.open(path)).text();
  const answer = await browser.send('/approve', hiddenFields(page, '/approve'));
  return answer.headers.get('location') ?? '';
}

/** A reviewer who has opened their link, and the page that they look at. */
export interface Review {
  readonly link: ApprovalLink;
  readonly browser: TestBrowser;
  readonly path: string;
  readonly page: () => Promise<string>;
  readonly decide: (
    verb: 'approve' | 'reject',
    fields?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
}

/** Opens a link to decide a call, as its reviewer would who has no key. */
export async function openReview(world: HttpWorld, call: Invocation): Promise<Review> {
  const link = await mintLink(world, call);
  const browser = testBrowser(world);
  const path = await openLinkAt(browser, pathOf(link));
  const page = async (): Promise<string> => (await browser.open(path)).text();
  return {
    link,
    browser,
    path,
    page,
    decide: async (verb, fields = {}) =>
      browser.send(`${path}/${verb}`, { ...hiddenFields(await page(), `${path}/${verb}`), ...fields }),
  };
}

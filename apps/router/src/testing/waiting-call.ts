import type { Invocation } from '@xem/protocol';
import { hiddenFields, testBrowser, type TestBrowser } from './browser.ts';
import type { HttpWorld } from './http-world.ts';

/** A gated call that waits for a decision, and an approver who looks at it. */
export interface WaitingCall {
  readonly browser: TestBrowser;
  readonly path: string;
  readonly invocation: Invocation;
  /** The page as it is now. */
  readonly page: () => Promise<string>;
  /** Sends one of the forms of the page, with what a person fills in. */
  readonly decide: (
    verb: 'approve' | 'reject',
    fields?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
  readonly state: () => Promise<string | undefined>;
}

/** Asks for a gated call and signs an approver in. */
export async function waitingCall(
  world: HttpWorld,
  call: Readonly<Record<string, unknown>> = {},
): Promise<WaitingCall> {
  const made = await world.invoke({ tool: 'demo_effect', ...call });
  const browser = testBrowser(world);
  await browser.signIn(world.seed.keys.approver);
  const path = `/approvals/${made.approval?.id}`;
  const page = async (): Promise<string> => (await browser.open(path)).text();
  return {
    browser,
    path,
    page,
    invocation: made,
    decide: async (verb, fields = {}) =>
      browser.send(`${path}/${verb}`, { ...hiddenFields(await page(), `${path}/${verb}`), ...fields }),
    state: async () => (await world.store.read.invocations.get(made.project_id, made.id))?.status,
  };
}

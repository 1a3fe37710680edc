import type { HttpWorld } from './http-world.ts';

/** A browser without scripts: it keeps its cookie, and sends forms as a page of ours would. */
export interface TestBrowser {
  readonly open: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Response>;
  readonly send: (
    path: string,
    fields: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Response>;
  /** Signs in and answers what the router said. */
  readonly signIn: (key: string, next?: string) => Promise<Response>;
  readonly cookie: () => string;
}

/** A browser that is not signed in. */
export function testBrowser({ app }: HttpWorld): TestBrowser {
  let cookie = '';
  const visit = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await app.hono.request(path, init);
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    return answer;
  };
  const send: TestBrowser['send'] = (path, fields, headers = {}) =>
    visit(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  return {
    open: (path, headers = {}) => visit(path, { headers: { cookie, ...headers } }),
    send,
    signIn: (key, next = '/ops') => send('/sign-in', { key, next }),
    cookie: () => cookie,
  };
}

/** The hidden fields of the form that is sent to a path. */
export function hiddenFields(page: string, action: string): Record<string, string> {
  const form = page.split('<form').find((part) => part.includes(`action="${action}"`)) ?? '';
  const fields = form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}

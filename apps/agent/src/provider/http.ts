import type { HttpSpec } from '../bundle/bundle-file.ts';
import { compileBody } from './http/body.ts';
import { compileHeaders, type Header } from './http/headers.ts';
import type { Hosts } from './http/hosts.ts';
import { send, type HttpRequest } from './http/send.ts';
import type { CallValues, TextRules } from './http/text.ts';
import { compileUrl } from './http/url.ts';
import type { Provider, ProviderContext } from './provider.ts';
import type { TemplateFault } from './template.ts';

/** Builds the request of a call. @throws agent_refused */
type RequestTemplate = (values: CallValues) => HttpRequest;

/** What a tool that asks a server is compiled with. */
export interface HttpRules extends TextRules {
  readonly hosts: Hosts;
}

const isUsualSuccess = (status: number): boolean => status >= 200 && status < 300;

/** Headers of every request, unless the template has its own. */
function usualHeaders(body: string | null, traceparent: string | null): Header[] {
  const usual: [string, string][] = [
    ['user-agent', 'xem-agent'],
    ['accept-encoding', 'identity'],
  ];
  if (body !== null) usual.push(['content-type', 'application/json']);
  if (traceparent !== null) usual.push(['traceparent', traceparent]);
  return usual.map(([name, value]) => ({ name, value, isSecret: false }));
}

function withUsual(request: HttpRequest, traceparent: string | null): HttpRequest {
  const own = new Set(request.headers.map(({ name }) => name.toLowerCase()));
  const usual = usualHeaders(request.body, traceparent).filter(({ name }) => !own.has(name));
  return { ...request, headers: [...usual, ...request.headers] };
}

/** Compiles the requests of a tool, or tells everything that is wrong. */
export function compileRequest(spec: HttpSpec, rules: HttpRules): RequestTemplate | TemplateFault[] {
  const url = compileUrl(spec, rules);
  const headers = compileHeaders(spec.headers, rules);
  const body = compileBody(spec.body, rules);
  const faults = [url, headers, body].flatMap((part) => (Array.isArray(part) ? part : []));
  if (Array.isArray(url) || Array.isArray(headers) || Array.isArray(body)) return faults;
  return (values) => ({
    method: spec.method,
    url: url.fill(values),
    headers: headers(values),
    body: body(values),
  });
}

/** What a tool that asks a server was compiled to. */
interface Parts {
  readonly template: RequestTemplate;
  readonly hosts: Hosts;
}

/** Asks a server that the bundle names; what it answers is the output. */
export function httpProvider(ctx: ProviderContext, spec: HttpSpec, given: Parts): Provider {
  const { template, hosts } = given;
  const { success, show_headers } = spec;
  const isSuccess = success ? (status: number) => success.includes(status) : isUsualSuccess;
  const rules = { hosts, isSuccess, shownHeaders: show_headers.map((name) => name.toLowerCase()) };
  return (values) => {
    const request = template(values);
    return ({ traceparent, ...attempt }) =>
      ctx.runner.host({
        ...attempt,
        mask: ctx.mask,
        work: (io) => send(io, withUsual(request, traceparent), rules),
      });
  };
}

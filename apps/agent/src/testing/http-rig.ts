import type { ServerResponse } from 'node:http';
import { InvocationId } from '@xem/protocol';
import type { Run } from '../run/run.ts';
import { openBundleRig, type BundleRig } from './bundle-rig.ts';
import { openRecordingServer, type Asked, type RecordingServer } from './recording-server.ts';
import { outcome } from './run-rig.ts';

/** What a test of tools that ask servers needs: two servers that a bundle of one tool names. */
export interface HttpRig {
  readonly bundles: BundleRig;
  readonly server: RecordingServer;
  readonly other: RecordingServer;
  /**
   * Starts a call of a tool that has these lines under `http`, in which HOST is the server. Its arguments are a and b,
   * of which a is required when it is given.
   */
  start(lines: readonly string[], args: Readonly<Record<string, unknown>>, ref?: string): Run;
  /** The same, to its end. */
  run(...call: Parameters<HttpRig['start']>): ReturnType<typeof outcome>;
  close(): Promise<void>;
}

const INVOCATION_ID = InvocationId.parse('01930000-0000-7000-8000-000000000001');

function answer({ target }: Asked, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(target, 'http://x');
  switch (pathname) {
    case '/status':
      return void response.writeHead(Number(searchParams.get('code')), { 'x-said': 'a\tb' }).end('said');
    case '/flood':
      return void response.end(Buffer.alloc(Number(searchParams.get('bytes')), 'x'));
    case '/away':
      return void response.writeHead(302, { location: searchParams.get('to') ?? '' }).end('gone');
    case '/round':
      return void response.writeHead(307, { location: '/round' }).end();
    case '/break':
      return void response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy());
    case '/drop':
      return void response.destroy();
    case '/hang':
      return undefined;
    default:
      return void response.end('done');
  }
}

/** A rig whose servers answer what the path asks for. */
export async function openHttpRig(): Promise<HttpRig> {
  const bundles = openBundleRig();
  const other = await openRecordingServer((_, response) => response.end('from the other'));
  const server = await openRecordingServer(answer);
  const bundleOf = (lines: readonly string[], required: readonly string[]): string => `
hosts: ["${server.host}", "${other.host}"]
tools:
  - name: probe
    description: A probe.
    risk: read
    timeout_ms: 60000
    output: { max_bytes: 100000 }
    parameters:
      type: object
      properties: { a: {}, b: {} }
      additionalProperties: false
      required: [${required.join(', ')}]
    http:
${lines.map((line) => `      ${line.replaceAll('HOST', server.host)}`).join('\n')}
`;
  const start: HttpRig['start'] = (lines, args, ref) => {
    bundles.write('probe', bundleOf(lines, Object.hasOwn(args, 'a') ? ['a'] : []));
    const begin = bundles
      .load()
      .find('probe')
      ?.prepare({ args, credentialsRef: ref ?? null });
    if (!begin) throw new Error('no such tool');
    const key = bundles.runs.newKey();
    return begin({ key, invocationId: INVOCATION_ID, timeoutMs: 60_000, traceparent: '00-aa-bb-01' });
  };
  return {
    bundles,
    server,
    other,
    start,
    run: (...call) => outcome(start(...call)),
    close: async () => {
      await Promise.all([bundles.close(), server.close(), other.close()]);
    },
  };
}

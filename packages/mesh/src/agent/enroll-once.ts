import type { EnrolledBody } from '@xem/protocol';
import { signClaim } from '../key/signer.ts';
import { enrollClaim } from '../wire/enroll-claim.ts';
import { encodeFrame, readFrame, readHead } from '../wire/frame-codec.ts';
import type { DownReason, Parts } from '../wire/transport.ts';
import { zeromqNetwork } from '../zeromq/zeromq-network.ts';
import type { EnrollOptions } from './contract.ts';
import { MeshUnreachable } from './unreachable.ts';

const RETRY_MS = 250;

/** One connection: the answer, or why there was none. */
type Try = EnrolledBody | DownReason;

const isAnswer = (result: Try): result is EnrolledBody => typeof result === 'object';

function signedRequest({ curve, signer, request }: EnrollOptions): Parts {
  const keys = { curve_public_key: curve.publicKey, signing_public_key: signer.publicKey };
  const unsigned = { ...request, ...keys };
  const sig = signClaim(signer, enrollClaim(unsigned));
  return encodeFrame({ kind: 'enroll', body: { ...unsigned, v: 1, sig } });
}

function readAnswer(parts: Parts): EnrolledBody | null {
  const head = readHead(parts, { from: 'router', socket: 'enrollment' });
  const frame = 'drop' in head ? head : readFrame(head.value);
  return 'drop' in frame || frame.value.kind !== 'enrolled' ? null : frame.value.body;
}

interface Ask {
  readonly request: Parts;
  readonly timeout: Promise<'timeout'>;
}

async function ask(options: EnrollOptions, { request, timeout }: Ask): Promise<Try | 'timeout'> {
  const { endpoint, routerCurveKey, curve, network = zeromqNetwork } = options;
  const { promise, resolve } = Promise.withResolvers<Try>();
  const message = (parts: Parts): void => {
    const answer = readAnswer(parts);
    if (answer !== null) resolve(answer);
  };
  const socket = network.dial({ endpoint, routerCurveKey, curve, events: { message, down: resolve } });
  void socket.send(request);
  const result = await Promise.race([promise, timeout]);
  socket.close(0);
  return result;
}

/**
 * Asks to enrol until the router answers, at most `timeoutMs`; the same request is safe to send again, since a use of
 * the join key is bound to the signing key. @throws MeshUnreachable
 */
export async function enrollOnce(options: EnrollOptions): Promise<EnrolledBody> {
  const { clock, endpoint, timeoutMs } = options;
  const request = signedRequest(options);
  const { promise: timeout, resolve: expire } = Promise.withResolvers<'timeout'>();
  const cancel = clock.after(timeoutMs, () => expire('timeout'));
  let last: DownReason | 'timeout' = 'timeout';
  for (;;) {
    const result = await ask(options, { request, timeout });
    if (result !== 'timeout' && isAnswer(result)) {
      cancel();
      return result;
    }
    if (result === 'timeout') {
      throw new MeshUnreachable(`no answer to the enrollment at ${endpoint} in ${timeoutMs} ms (${last})`);
    }
    last = result;
    await Promise.race([clock.sleep(RETRY_MS), timeout]);
  }
}

import { decode, encode } from '@msgpack/msgpack';
import * as is from './shape.ts';

export const CREDIT_BYTES = 262_144;
export const PAYLOAD_BYTES = 65_536;
export const FRAME_BYTES = 1_048_576;

/** A frame as it lies on the wire, decoded. */
export interface Frame {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly payload?: Uint8Array;
}

/** The parts of a multipart message. */
export const encodeFrame = ({ kind, body, payload }: Frame): Uint8Array[] => [
  Buffer.from(kind, 'ascii'),
  encode(body, { ignoreUndefined: true }),
  ...(payload ? [payload] : []),
];

/** Reads the parts of a multipart message. @throws when they are no frame */
export function decodeFrame(parts: readonly Uint8Array[]): Frame {
  const [kind, body, payload, more] = parts;
  if (!kind || !body || more || parts.some((part) => part.length > FRAME_BYTES))
    throw new TypeError('not a frame');
  const name = Buffer.from(kind).toString('ascii');
  return { kind: name, body: is.object(decode(body)), ...(payload && { payload }) };
}

const v = is.exactly(1);
const ATTEMPT = { execution_id: is.text, attempt: is.whole };
const attempts = is.list(is.shape(ATTEMPT));
const bindings = is.list(is.shape({ workspace_id: is.text, type: is.orNull(is.text) }));
const resume = is.list(is.shape({ ...ATTEMPT, stdout: is.whole, stderr: is.whole }));
const standing = is.shape({
  v,
  scope: is.oneOf('agent', 'workspace', 'project'),
  id: is.text,
  reason: is.orNull(is.text),
});

/** How to read the body of each frame that a router sends. */
export const HEARD = {
  enrolled: is.object,
  challenge: is.shape({ v, router_nonce: is.text, router_time: is.whole }),
  welcome: is.shape({
    v,
    session: is.text,
    epoch: is.whole,
    lease_ttl_ms: is.whole,
    lease_renewal_interval_ms: is.whole,
    bindings,
    resume,
    abort: attempts,
    settled: attempts,
    send_manifest: is.flag,
    sig: is.bytes,
  }),
  refused: is.shape({ v, code: is.text, message: is.text }),
  goodbye: is.shape({ v, reason: is.text }),
  lease_ack: is.shape({
    v,
    lease_ttl_ms: is.whole,
    bindings,
    abort: attempts,
    missing: attempts,
    send_manifest: is.flag,
    echo: is.whole,
  }),
  dispatch: is.shape({ v, order: is.bytes, sig: is.maybe(is.bytes) }),
  credit: is.shape({ v, ...ATTEMPT, bytes: is.whole }),
  result_ack: is.shape({ v, ...ATTEMPT }),
  cancel: is.shape({ v, ...ATTEMPT, reason: is.text }),
  pause: standing,
  resume: standing,
} as const;

export type Welcome = ReturnType<typeof HEARD.welcome>;
export type Dispatch = ReturnType<typeof HEARD.dispatch>;
export type Attempt = { readonly execution_id: string; readonly attempt: number };
export type Resume = Welcome['resume'][number];

/** Names an attempt in a table. */
export const keyOf = ({ execution_id: id, attempt }: Attempt): string => `${id}/${attempt}`;

import { ERROR_CATALOG, type ErrorCode } from '@xem/errors';
import type { EnrollBody, EnrolledBody } from '@xem/protocol';
import { verifyClaim } from '../key/signer.ts';
import { enrollClaim } from '../wire/enroll-claim.ts';
import { readFrame, readHead, type FrameHead } from '../wire/frame-codec.ts';
import type { Parts } from '../wire/transport.ts';
import type { Connection } from './connection.ts';
import { countBadFrame, hear, turnAway, type PortContext } from './port.ts';

const LISTENING = { from: 'agent', socket: 'enrollment' } as const;
const RETRY_SECONDS = 5;

function refuse(code: ErrorCode, message: string): EnrolledBody {
  const operator_action = ERROR_CATALOG[code].fix;
  const retry = code === 'unavailable' ? { retry_after_seconds: RETRY_SECONDS } : {};
  return { v: 1, ok: false, code, message, operator_action, ...retry };
}

function isSigned(body: EnrollBody): boolean {
  try {
    return verifyClaim({ publicKey: body.signing_public_key, claim: enrollClaim(body), signature: body.sig });
  } catch {
    return false;
  }
}

/** What is wrong with a request before its join key is looked at, or null. */
function requestFault({ gate }: PortContext, body: EnrollBody): EnrolledBody | null {
  if (!isSigned(body)) {
    return refuse('join_key_invalid', 'The signature of the request does not match its signing key.');
  }
  if (gate.knocked(body.curve_public_key)) return null;
  return refuse('join_key_invalid', 'The request names a CURVE key that nobody connected with.');
}

/** The enrollment socket: one `enroll` per connection, answered by the domain. */
export function createEnrollPort(ctx: PortContext): {
  readonly message: (from: Uint8Array, parts: Parts) => void;
} {
  const { handlers, log } = ctx.options;
  const blame = (connection: Connection, reason: string): void => {
    if (!countBadFrame(ctx, connection, reason)) return;
    ctx.connections.drop(connection);
    connection.line.end();
  };
  const say = (connection: Connection, body: EnrolledBody): void => {
    turnAway(ctx, connection, { kind: 'enrolled', body });
  };
  const ask = async (body: EnrollBody): Promise<EnrolledBody> => {
    const fault = requestFault(ctx, body);
    if (fault !== null) return fault;
    const sourceAddress = ctx.gate.addressOf(body.curve_public_key);
    return handlers.enroll({ body, sourceAddress }).catch((error: unknown) => {
      log.error('mesh.enroll_failed', { err: error });
      return refuse('unavailable', 'The router cannot enrol an agent now.');
    });
  };
  /** A request of another version, or one that is malformed, deserves words: the agent has no other way to know. */
  const read = (connection: Connection, head: FrameHead): void => {
    const frame = readFrame(head);
    if ('drop' in frame) {
      blame(connection, frame.drop);
      return say(
        connection,
        refuse('protocol_unsupported', `The request is not understood: ${frame.detail ?? frame.drop}.`),
      );
    }
    if (frame.value.kind !== 'enroll') return;
    connection.state = { step: 'asked' };
    void ask(frame.value.body).then((answer) => say(connection, answer));
  };
  return {
    message: (from, parts) => {
      const connection = hear(ctx, from, parts);
      if (connection === null) return;
      if (connection.state.step === 'asked') return blame(connection, 'enroll_again');
      const head = readHead(parts, LISTENING);
      if ('drop' in head) return blame(connection, head.drop);
      return read(connection, head.value);
    },
  };
}

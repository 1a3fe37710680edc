import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { ClientError } from '@xem/client';

/** What a request that is no tool call is refused with; `data` holds the envelope's members. Others stay as they are. */
export function toProtocolError(error: unknown): unknown {
  if (!(error instanceof ClientError)) return error;
  const { code, message, param, requestId } = error;
  const mine = error.status !== null && error.status < 500;
  return new ProtocolError(
    mine ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError,
    `${code}: ${message}`,
    { code, message, param, request_id: requestId },
  );
}

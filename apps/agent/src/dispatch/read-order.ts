import { AttemptKey, WorkOrder, type AgentId, type DispatchBody, type RefusalReason } from '@xem/protocol';
import { verifySignature } from '@xem/mesh';
import { z } from 'zod';

/** To whom an order must be addressed to be read at all. */
export interface Addressee {
  readonly agentId: AgentId;
  readonly session: string;
  readonly epoch: number;
  readonly routerSigningKey: string;
  /** The router's wall time in milliseconds. */
  readonly routerNow: number;
}

/** Why an order is not taken, in a word and in words. */
export interface RefusalWords {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** What became of the bytes: an order, a refusal of it, or nothing that anybody waits for. */
export type OrderReading =
  | { readonly kind: 'order'; readonly order: WorkOrder; readonly isSigned: boolean }
  | { readonly kind: 'refused'; readonly key: AttemptKey; readonly refusal: RefusalWords }
  | { readonly kind: 'dead'; readonly why: string };

const Addressed = z.object(AttemptKey.shape);

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return null;
  }
}

/** Refuses what cannot be trusted; only its address is read, so that the router learns which one it was. */
function refuse(bytes: Uint8Array, refusal: RefusalWords): OrderReading {
  const key = Addressed.safeParse(parseJson(bytes));
  if (!key.success) return { kind: 'dead', why: refusal.message };
  return { kind: 'refused', key: key.data, refusal };
}

function whyDead(order: WorkOrder, addressee: Addressee): string | null {
  if (order.agent_id !== addressee.agentId) return 'it names another agent';
  if (order.session !== addressee.session || order.epoch !== addressee.epoch)
    return 'it names another session';
  return Date.parse(order.expires_at) <= addressee.routerNow ? 'it has expired' : null;
}

/** Reads an order, its signature first. On another session or epoch than its own it is dead. */
export function readOrder({ order: bytes, sig }: DispatchBody, addressee: Addressee): OrderReading {
  if (sig && !verifySignature(addressee.routerSigningKey, bytes, sig)) {
    return refuse(bytes, {
      reason: 'signature',
      message: 'the signature is not the router’s over this order',
    });
  }
  const parsed = WorkOrder.safeParse(parseJson(bytes));
  if (!parsed.success)
    return refuse(bytes, { reason: 'digest', message: 'the order does not match its schema' });
  const order = parsed.data;
  const why = whyDead(order, addressee);
  return why === null ? { kind: 'order', order, isSigned: sig !== undefined } : { kind: 'dead', why };
}

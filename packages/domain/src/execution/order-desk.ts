import type { ExecutionId } from '@xem/protocol';
import type { SealedOrder } from './order.ts';

/** Orders written within a transaction, kept for the dispatcher so that it need not write them again. */
export interface OrderDesk {
  put(executionId: ExecutionId, order: SealedOrder): void;
  /** Hands an order out once; null when it is not here (any more), and must be made again from the store. */
  take(executionId: ExecutionId): SealedOrder | null;
}

const ORDERS_MAX = 10_000;

/** A desk that forgets its oldest order when it is full. */
export function createOrderDesk(): OrderDesk {
  const orders = new Map<ExecutionId, SealedOrder>();
  return {
    put: (executionId, order) => {
      const oldest = orders.size >= ORDERS_MAX ? orders.keys().next().value : undefined;
      if (oldest !== undefined) orders.delete(oldest);
      orders.set(executionId, order);
    },
    take: (executionId) => {
      const order = orders.get(executionId) ?? null;
      orders.delete(executionId);
      return order;
    },
  };
}

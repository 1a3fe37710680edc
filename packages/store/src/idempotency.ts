import type { IdempotencyRecord } from './record/access.ts';

export interface IdempotencyReader {
  get(
    key: Pick<IdempotencyRecord, 'projectId' | 'principalId' | 'operation' | 'key'>,
  ): Promise<IdempotencyRecord | null>;
}

export interface IdempotencyWriter extends IdempotencyReader {
  insert(row: IdempotencyRecord): Promise<void>;
  /** Removes rows made before `createdBefore` whose invocation has ended, at most `limit`. */
  prune(createdBefore: number, limit: number): Promise<number>;
}

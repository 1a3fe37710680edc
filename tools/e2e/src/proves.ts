import { test, type TestContext } from 'vitest';
import { GUARANTEES, type GuaranteeId } from './guarantees.ts';

/** A test that proves a guarantee; its name is the guarantee's own sentence, and what of it is shown here. */
export function proves(id: GuaranteeId, aspect: string, body: (context: TestContext) => Promise<void>): void {
  test(`${id}: ${GUARANTEES[id].says} (${aspect})`, body);
}

import { UsageError } from './exit.ts';
import type { Io } from './io.ts';

/** Keeps from asking where nobody can answer; `otherwise` says what does it without asking. @throws UsageError */
export function assertSomebody({ stdin }: Io, otherwise: string): void {
  if (!stdin.isTty) throw new UsageError(`nobody is at the terminal to answer for this; ${otherwise}`);
}

/** Asks yes or no. @throws UsageError that says `refusal`, unless the answer is yes */
export async function askYes({ stdin }: Io, question: string, refusal: string): Promise<void> {
  const answer = await stdin.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError(refusal);
}

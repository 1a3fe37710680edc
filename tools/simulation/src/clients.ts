import type { Dice } from './dice.ts';
import { createActs, type ActParts, type Request } from './requests.ts';
import { DEFINITIONS } from './tools.ts';

/** Everybody who asks and decides, and what they remember. */
export interface Clients {
  readonly requests: readonly Request[];
  /** Asks for something new. */
  ask(tool?: string): Request;
  /** Asks again, with the same idempotency key, for what was never answered. */
  askAgain(): void;
  /** Decides over something that waits. */
  decide(): void;
  /** Decides over everything; a decision that may have been lost is sent again. */
  decideAll(how: Decision): void;
  cancel(): void;
}

type Decision = 'approve' | 'reject';

const isWaiting = ({ answer, approved, rejected }: Request): boolean =>
  answer?.approval != null && !approved && !rejected;

/** What was decided before, or what is decided now. */
function decisionOver(request: Request, how: Decision): Decision {
  if (isWaiting(request)) return how;
  return request.approved ? 'approve' : 'reject';
}

/** Nobody who has asked for anything yet. */
export function createClients(parts: ActParts & { readonly dice: Dice }): Clients {
  const { dice } = parts;
  const acts = createActs(parts);
  const requests: Request[] = [];
  return {
    requests,
    ask: (tool = dice.pick(DEFINITIONS).name) => {
      const n = requests.length;
      const request = { key: `call-${n}`, tool, args: { n }, answer: null, approved: false, rejected: false };
      requests.push(request);
      acts.send(request);
      return request;
    },
    askAgain: () => {
      for (const request of requests) if (request.answer === null) acts.send(request);
    },
    decide: () => {
      const waiting = requests.filter(isWaiting);
      if (waiting.length === 0) return;
      const chosen = dice.pick(waiting);
      const how = dice.chance(0.7) ? 'approve' : 'reject';
      acts[how](chosen);
      if (dice.chance(0.1)) acts.approve(chosen);
    },
    decideAll: (how) => {
      for (const request of requests) acts[decisionOver(request, how)](request);
    },
    cancel: () => {
      const answered = requests.filter(({ answer }) => answer !== null);
      if (answered.length > 0) acts.cancel(dice.pick(answered));
    },
  };
}

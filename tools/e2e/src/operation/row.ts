import type { Ground } from '../contract/ground.ts';

/** One object of each noun, by id. */
export interface Objects {
  readonly agent: string;
  readonly api_key: string;
  readonly approval: string;
  readonly delivery: string;
  readonly execution: string;
  readonly invocation: string;
  readonly join_key: string;
  readonly maintenance: string;
  readonly policy: string;
  readonly principal: string;
  readonly webhook: string;
  readonly workspace: string;
}

export type About = (ground: Ground) => Promise<Partial<Objects>>;

/** What a request for an operation takes, and who is refused: what the table of operations does not say. */
export interface Row {
  /** Members of query or body. Those of the path are filled in by their noun. */
  readonly input?: (ids: Objects) => Readonly<Record<string, unknown>>;
  /** Makes what a request is about that shall succeed, where the workspace and the agent of the mesh will not do. */
  readonly about?: About;
  /** Why no mesh as it starts answers it with success; a scenario of its own has what it takes. */
  readonly elsewhere?: string;
  /** What a service is answered with whatever its scopes; absent where a service will do. */
  readonly humans?: 'scope_insufficient' | 'approver_not_eligible';
  /** Of an operation that any scope opens: it looks closer, and one scope is not enough for a service. */
  readonly notFor?: 'inference';
}

export const PLAIN: Row = {};
export const HUMANS = 'scope_insufficient';
export const because = () => ({ reason: 'because' });

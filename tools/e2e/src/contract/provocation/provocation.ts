import type { Answer } from '../../mesh/api.ts';
import type { Ground } from '../ground.ts';

/** How a code is provoked through the API, and what its refusal names. */
export interface Provocation {
  readonly param: string | null;
  readonly ask: (ground: Ground) => Promise<Answer>;
}

/** An id that no object has. */
export const NOBODY = {
  uuid: '00000000-0000-7000-8000-000000000000',
  of: (prefix: string): string => `${prefix}_${'0'.repeat(24)}`,
  workspace: 'ws_0123abcd',
} as const;

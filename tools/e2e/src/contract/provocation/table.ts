import { ACCESS_PROVOCATIONS } from './access.ts';
import { GOVERNANCE_PROVOCATIONS } from './governance.ts';
import { LOOKUP_PROVOCATIONS } from './lookup.ts';
import type { Provocation } from './provocation.ts';
import { REQUEST_PROVOCATIONS } from './request.ts';

/** How each code of the HTTP surface is provoked on a mesh that is well. */
export const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  ...REQUEST_PROVOCATIONS,
  ...ACCESS_PROVOCATIONS,
  ...LOOKUP_PROVOCATIONS,
  ...GOVERNANCE_PROVOCATIONS,
};

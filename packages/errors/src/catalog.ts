import { accessErrors } from './catalog/access.ts';
import { enrollmentErrors } from './catalog/enrollment.ts';
import { executionErrors } from './catalog/execution.ts';
import { governanceErrors } from './catalog/governance.ts';
import { lookupErrors } from './catalog/lookup.ts';
import { requestErrors } from './catalog/request.ts';
import { serviceErrors } from './catalog/service.ts';

/**
 * Every code of the mesh, declared once. Envelopes, OpenAPI, exit codes and the reference page are made from it.
 * The codes of the product's public list keep its statuses and retry rules to the letter; the others are ours.
 */
export const ERROR_CATALOG = {
  ...requestErrors,
  ...accessErrors,
  ...lookupErrors,
  ...governanceErrors,
  ...serviceErrors,
  ...enrollmentErrors,
  ...executionErrors,
} as const;

/** A code of the catalogue. It never changes its meaning, and it is what a program switches on. */
export type ErrorCode = keyof typeof ERROR_CATALOG;

/** Codes in the order of the catalogue. */
export const ERROR_CODES = Object.keys(ERROR_CATALOG).filter(isErrorCode);

/** Tells whether a word is a code of the catalogue. */
export function isErrorCode(word: string): word is ErrorCode {
  return Object.hasOwn(ERROR_CATALOG, word);
}

import { fileURLToPath } from 'node:url';

/** The top of the checkout, with a slash at its end. */
export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Where bundles are put, one folder for each program. */
export const DIST = `${REPOSITORY}dist`;

/** Why the agent does not start, or must not go on; printed as it is and never retried. */
export class BootError extends Error {
  override readonly name = 'BootError';
  /** A word to search for, such as `invalidConfigFile` or a code of the enrollment surface. */
  readonly code: string;

  constructor(code: string, message: string, detail: { readonly cause?: unknown } = {}) {
    super(message, detail);
    this.code = code;
  }
}

/** One thing that is wrong with a bundle or a file of credentials, and where. */
export interface BundleProblem {
  readonly file: string;
  /** From 1; null when the file itself is the problem. */
  readonly line: number | null;
  /** The field, as in `tools[2].command.run[1]`; empty for the whole file. */
  readonly field: string;
  readonly message: string;
}

/** `file:line: field: message`, the form editors jump to. */
export function describeProblem({ file, line, field, message }: BundleProblem): string {
  const place = line === null ? file : `${file}:${line}`;
  return [place, field, message].filter((part) => part !== '').join(': ');
}

/** Bundles or credentials that cannot be used; holds every problem that was found. Never holds a secret. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly problems: readonly BundleProblem[];

  constructor(problems: readonly BundleProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

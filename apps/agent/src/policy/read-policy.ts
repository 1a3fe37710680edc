import { readFileSync, statSync } from 'node:fs';
import type { BundleProblem } from '../bundle/bundle-error.ts';
import { parseYaml } from '../bundle/yaml-file.ts';
import { compilePolicy, NO_POLICY, type HostPolicy } from './policy.ts';
import { PolicyFile } from './policy-file.ts';

/** Where a policy is looked for when nobody says. */
const POLICY_PATH = '/etc/xem/policy.yaml';

const WRITABLE_BY_OTHERS = 0o022;

/** A policy, or what is wrong with its file. */
export interface PolicyReading {
  readonly policy: HostPolicy;
  readonly problems: readonly BundleProblem[];
}

const isMissing = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ENOENT';

function readText(
  file: string,
  isAskedFor: boolean,
): { readonly text: string } | { readonly why: string } | null {
  try {
    if ((statSync(file).mode & WRITABLE_BY_OTHERS) === 0) return { text: readFileSync(file, 'utf8') };
    return { why: 'others may write it; chmod go-w it' };
  } catch (err) {
    return isMissing(err) && !isAskedFor ? null : { why: 'this policy cannot be read' };
  }
}

/** Reads the policy of the host. A file that somebody named must be there; the usual one need not be. */
export function readPolicy(path: string | undefined): PolicyReading {
  const file = path ?? POLICY_PATH;
  const read = readText(file, path !== undefined);
  if (read === null) return { policy: NO_POLICY, problems: [] };
  if ('why' in read) {
    return { policy: NO_POLICY, problems: [{ file, line: null, field: '', message: read.why }] };
  }
  const parsed = parseYaml(file, read.text, PolicyFile);
  if (!parsed.ok) return { policy: NO_POLICY, problems: parsed.problems };
  const problems: BundleProblem[] = [];
  const policy = compilePolicy(parsed.value, (problem) => problems.push(parsed.locate(problem)));
  return { policy, problems };
}

import type { BundleProblem } from '../bundle/bundle-error.ts';
import { readOwned } from '../bundle/owned-file.ts';
import { parseYaml } from '../bundle/yaml-file.ts';
import { compilePolicy, NO_POLICY, type HostPolicy } from './policy.ts';
import { PolicyFile } from './policy-file.ts';

/** Where a policy is looked for when nobody says. */
const POLICY_PATH = '/etc/xem/policy.yaml';

/** A policy, or what is wrong with its file. */
export interface PolicyReading {
  readonly policy: HostPolicy;
  readonly problems: readonly BundleProblem[];
}

const unusable = (file: string, message: string): PolicyReading => ({
  policy: NO_POLICY,
  problems: [{ file, line: null, field: '', message }],
});

/** Reads the policy of the host. A file that somebody named must be there; the usual one need not be. */
export function readPolicy(path: string | undefined): PolicyReading {
  const file = path ?? POLICY_PATH;
  const read = readOwned(file);
  if (read === null && path === undefined) return { policy: NO_POLICY, problems: [] };
  if (read === null)
    return unusable(
      file,
      'policy_path names this file, which is not there; make it, or take policy_path away',
    );
  if ('why' in read) return unusable(file, read.why);
  const parsed = parseYaml(file, read.text, PolicyFile);
  if (!parsed.ok) return { policy: NO_POLICY, problems: parsed.problems };
  const problems: BundleProblem[] = [];
  const policy = compilePolicy(parsed.value, (problem) => problems.push(parsed.locate(problem)));
  return { policy, problems };
}

import type { ProviderContext } from './provider.ts';

/** Variables of the agent's environment that every program gets. */
const USUAL_VARIABLES = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/** What a program gets of the agent's environment: the usual variables, and those that its bundle names. */
export function allowedVariables(
  { env }: Pick<ProviderContext, 'env'>,
  names: readonly string[],
): Record<string, string> {
  const allowed: Record<string, string> = {};
  for (const name of [...USUAL_VARIABLES, ...names]) {
    const value = env[name];
    if (value !== undefined) allowed[name] = value;
  }
  return allowed;
}

import { ExecError } from '@xem/errors';
import { canonicalJson } from '@xem/protocol';
import type { CommandSpec } from '../bundle/bundle-file.ts';
import type { ResourceLimits } from '../run/resource-limits.ts';
import { allowedVariables } from './environment.ts';
import type { Provider, ProviderContext } from './provider.ts';
import type { Template } from './template.ts';

const limitsOf = ({ limits }: CommandSpec): ResourceLimits => ({
  cpuSeconds: limits.cpu_seconds,
  memoryBytes: limits.memory_bytes,
  processes: limits.processes,
  openFiles: limits.open_files,
  fileBytes: limits.file_bytes,
});

const programOf = ([program, ...rest]: readonly string[]): [string, ...string[]] => {
  if (program === undefined) throw new ExecError('agent_refused', 'the arguments leave no program to run');
  return [program, ...rest];
};

/** Runs a program in the spool; it gets the usual variables, those its bundle names, and the credentials. */
export function commandProvider(ctx: ProviderContext, spec: CommandSpec, template: Template): Provider {
  const variables = allowedVariables(ctx, spec.env);
  const limits = limitsOf(spec);
  return ({ args, credentials }) => {
    const argv = programOf(template(args));
    const stdin = spec.stdin === 'args' ? canonicalJson(args) : '';
    const env = { ...variables, ...credentials };
    return ({ traceparent, ...attempt }) => {
      const trace = traceparent === null ? {} : { TRACEPARENT: traceparent };
      return ctx.runner.start({ ...attempt, argv, env: { ...env, ...trace }, stdin, limits, mask: ctx.mask });
    };
  };
}

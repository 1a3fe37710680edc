import { execFile } from 'node:child_process';
import { canonicalJson } from '@xem/protocol';
import { z } from 'zod';
import { resolveProgram } from '../../run/resolve-program.ts';
import { answer, failure, type Builtin, type BuiltinContext } from '../builtin.ts';

const Arguments = z.object({
  service: z.string().regex(/^[A-Za-z0-9_@:][A-Za-z0-9_@:.\\-]{0,127}$/, 'must be the name of a service'),
});

interface Answered {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A service manager of the host. */
interface ServiceManager {
  readonly name: 'systemd' | 'sysv';
  status(service: string): Promise<Record<string, unknown>>;
  restart(service: string): Promise<Answered>;
}

/** What `systemctl is-system-running` says where systemd does not run. */
const NOT_RUNNING = new Set(['', 'offline', 'unknown']);

const SHOWN = ['LoadState', 'ActiveState', 'SubState', 'UnitFileState', 'MainPID', 'Description'];

function ask({ signal, env }: BuiltinContext, program: string, args: string[]): Promise<Answered> {
  const variables = { PATH: env['PATH'], LANG: 'C' };
  return new Promise((resolve, reject) => {
    execFile(program, args, { signal, env: variables, maxBuffer: 1024 * 1024 }, (err, stdout, stderr) => {
      const code = err ? err.code : 0;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(err ?? new Error('no answer'));
    });
  });
}

const snakeCase = (name: string): string =>
  name
    .replace('PID', 'Pid')
    .replaceAll(/(?<=[a-z])[A-Z]/g, '_$&')
    .toLowerCase();

function systemd(ctx: BuiltinContext, program: string): ServiceManager {
  return {
    name: 'systemd',
    status: async (service) => {
      const { stdout } = await ask(ctx, program, ['show', `--property=${SHOWN.join(',')}`, '--', service]);
      const pairs = stdout
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s));
      const facts = Object.fromEntries(pairs.map(([name = '', value = '']) => [snakeCase(name), value]));
      if (facts['load_state'] === 'not-found') throw new Error(`there is no service ${service}`);
      return { ...facts, main_pid: Number(facts['main_pid'] ?? 0) || null };
    },
    restart: (service) => ask(ctx, program, ['restart', '--', service]),
  };
}

function sysv(ctx: BuiltinContext, program: string): ServiceManager {
  return {
    name: 'sysv',
    status: async (service) => {
      const { code, stdout, stderr } = await ask(ctx, program, [service, 'status']);
      if (stderr.includes('unrecognized service')) throw new Error(`there is no service ${service}`);
      return { active_state: code === 0 ? 'active' : 'inactive', description: stdout.trim() };
    },
    restart: (service) => ask(ctx, program, [service, 'restart']),
  };
}

async function findManager(ctx: BuiltinContext): Promise<ServiceManager> {
  const systemctl = resolveProgram('systemctl', ctx.env['PATH']);
  const state = systemctl ? (await ask(ctx, systemctl, ['is-system-running'])).stdout.trim() : '';
  if (systemctl && !NOT_RUNNING.has(state)) return systemd(ctx, systemctl);
  const service = resolveProgram('service', ctx.env['PATH']);
  if (!service)
    throw new Error('this host has no service manager: neither systemd nor the `service` program');
  return sysv(ctx, service);
}

/** The state of a service, as JSON. */
export const serviceStatus: Builtin = async (args, ctx) => {
  const { service } = Arguments.parse(args);
  const manager = await findManager(ctx);
  return answer(canonicalJson({ service, manager: manager.name, ...(await manager.status(service)) }));
};

/** Restarts a service and tells its state afterwards, as JSON. */
export const serviceRestart: Builtin = async (args, ctx) => {
  const { service } = Arguments.parse(args);
  const manager = await findManager(ctx);
  const { code, stdout, stderr } = await manager.restart(service);
  if (code !== 0) return failure(`${stderr}${stdout}`.trim() || `the restart ended with status ${code}`);
  return answer(canonicalJson({ service, manager: manager.name, ...(await manager.status(service)) }));
};

import { UsageError } from '../exit.ts';
import type { Config, Deployment } from './config-file.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the command line says of where to go. */
export interface ConnectionFlags {
  readonly context?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
}

/** Which router to talk to, and with which key; without one the router says what it thinks of that. */
export interface Connection {
  readonly baseUrl: string;
  readonly apiKey: string | undefined;
}

async function keyOfCommand(command: string): Promise<string> {
  const { execFile } = await import('node:child_process');
  const { promisify } = await import('node:util');
  try {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command]);
    return stdout.trim();
  } catch (error) {
    throw new UsageError(`api_key_command failed: ${command}`, { cause: error });
  }
}

async function keyOf(deployment: Deployment, env: Env): Promise<string> {
  if (deployment.api_key !== undefined) return deployment.api_key;
  if (deployment.api_key_command !== undefined) return keyOfCommand(deployment.api_key_command);
  const name = deployment.api_key_env ?? '';
  const key = env[name];
  if (!key) throw new UsageError(`the environment has no ${name}, which the context takes its key from`);
  return key;
}

function deploymentOf(config: Config | null, name: string | undefined): Deployment | undefined {
  if (name === undefined) return undefined;
  const deployment = config?.deployment[name];
  if (deployment) return deployment;
  const known = Object.keys(config?.deployment ?? {}).join(', ') || 'none';
  throw new UsageError(`there is no context ${name}; known: ${known}`);
}

function checked(baseUrl: string | undefined): string {
  if (!baseUrl)
    throw new UsageError(
      'no router to talk to: give --base-url, set XEROTIER_BASE_URL, or make a context with: xeroctl config init',
    );
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new UsageError(`${baseUrl} is not an http or https address`);
  return baseUrl;
}

/**
 * Finds the router and the key: flags, then environment, then the current context of the file. A context that is
 * named on the command line is a flag, and comes before the environment. @throws UsageError
 */
export async function findConnection(flags: ConnectionFlags, env: Env): Promise<Connection> {
  const named = flags.context !== undefined;
  const fromEnv = named ? {} : { baseUrl: env['XEROTIER_BASE_URL'], apiKey: env['XEROTIER_API_KEY'] };
  const baseUrl = flags.baseUrl || fromEnv.baseUrl;
  const apiKey = flags.apiKey || fromEnv.apiKey;
  if (baseUrl && apiKey) return { baseUrl: checked(baseUrl), apiKey };
  const { configPath, readConfig } = await import('./config-file.ts');
  const config = await readConfig(configPath(env));
  const deployment = deploymentOf(config, flags.context ?? config?.current);
  return {
    baseUrl: checked(baseUrl || deployment?.base_url),
    apiKey: apiKey || (deployment && (await keyOf(deployment, env))),
  };
}

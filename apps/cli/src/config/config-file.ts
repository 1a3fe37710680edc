import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { UsageError } from '../exit.ts';

/** The three ways a deployment may give its key; it has exactly one. */
export const KEY_SOURCES = ['api_key', 'api_key_env', 'api_key_command'] as const;

/** One router and one key for it. */
export interface Deployment {
  readonly base_url: string;
  readonly api_key?: string;
  /** The environment variable that holds the key. */
  readonly api_key_env?: string;
  /** A shell command that prints the key. */
  readonly api_key_command?: string;
}

/** What the file holds. */
export interface Config {
  readonly current?: string;
  readonly deployment: Readonly<Record<string, Deployment>>;
}

const OTHERS = 0o077;

/** Where the file is. */
export const configPath = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'xeroctl', 'config.toml');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function deploymentOf(name: string, value: unknown): Deployment {
  const where = `[deployment.${name}]`;
  if (!isRecord(value)) throw new UsageError(`${where} must be a table`);
  for (const [member, word] of Object.entries(value)) {
    const known = member === 'base_url' || KEY_SOURCES.some((source) => source === member);
    if (!known) throw new UsageError(`${where} has an unknown member ${member}`);
    if (typeof word !== 'string' || word === '') throw new UsageError(`${member} of ${where} must be a text`);
  }
  const { base_url: baseUrl, ...key } = value;
  if (typeof baseUrl !== 'string') throw new UsageError(`${where} must have base_url`);
  if (Object.keys(key).length !== 1)
    throw new UsageError(`${where} must have exactly one of ${KEY_SOURCES.join(', ')}`);
  return { base_url: baseUrl, ...key };
}

function configOf(text: string): Config {
  const { current, deployment = {}, ...rest } = parse(text);
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new UsageError(`unknown member ${unknown}`);
  if (current !== undefined && typeof current !== 'string') throw new UsageError('current must be a text');
  if (!isRecord(deployment)) throw new UsageError('deployment must be tables');
  const deployments = Object.entries(deployment).map(
    ([name, value]) => [name, deploymentOf(name, value)] as const,
  );
  return { ...(current !== undefined && { current }), deployment: Object.fromEntries(deployments) };
}

async function modeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mode;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Reads the file; null when there is none. @throws UsageError when others may read it, or it makes no sense */
export async function readConfig(path: string): Promise<Config | null> {
  const mode = await modeOf(path);
  if (mode === null) return null;
  if ((mode & OTHERS) !== 0)
    throw new UsageError(`${path} holds keys and others may read it; close it with: chmod 600 ${path}`);
  try {
    return configOf(await readFile(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

import { readFile } from 'node:fs/promises';
import { UsageError } from '../../../exit.ts';
import type { Io } from '../../../io.ts';

/** What the router says of a policy beside its rules: `policies show -o yaml` may be edited and set. */
const SAID_BY_ROUTER = new Set([
  'object',
  'id',
  'project_id',
  'version',
  'retired',
  'warnings',
  'created_by',
  'created_at',
]);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : '');

async function textOf({ stdin }: Io, path: string): Promise<string> {
  if (path === '-') return stdin.text();
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--file ${path}: ${reasonOf(error)}`, { cause: error });
  });
}

/** Reads the rules in a file of YAML or JSON, or `-` from standard input. @throws UsageError */
export async function readPolicyFile(io: Io, path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await textOf(io, path);
  const { parse } = await import('yaml');
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new UsageError(`--file ${path}: ${reasonOf(error)}`, { cause: error });
  }
  if (!isObject(value)) throw new UsageError(`--file ${path} holds no policy: it is not an object`);
  return Object.fromEntries(Object.entries(value).filter(([name]) => !SAID_BY_ROUTER.has(name)));
}

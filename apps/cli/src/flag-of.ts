import type { AnyCommand } from './command/command.ts';
import { GLOBALS } from './command/globals.ts';

/** A command as it was asked for. */
export interface Asked {
  readonly command: AnyCommand;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** Members of requests that flags have other names for; of several the first that the command has. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  args: ['arg', 'args'],
  created_after: ['since'],
  created_before: ['until'],
  ends_at: ['ends'],
  endpoints: ['endpoint'],
  events: ['event'],
  group_by: ['by'],
  groups: ['group'],
  'Idempotency-Key': ['idempotencyKey'],
  ip_allow: ['allowIp'],
  per_minute: ['rate'],
  burst: ['rate'],
  q: ['search'],
  requested_by: ['requester'],
  scopes: ['scope'],
  sign_in: ['scope'],
  starts_at: ['starts'],
  timeout_ms: ['toolTimeout'],
  version: ['policyVersion'],
  workspaces: ['workspace'],
};

const CONCURRENCY: Readonly<Record<string, string>> = {
  max: 'max',
  per_tool: 'toolLimit',
  exclusive_destructive: 'exclusive',
};

const FILE_OF_RULES = 'FILE|-';

const UNIT = /_(?:seconds|ms)$/;

const camel = (name: string): string =>
  name.replaceAll(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase());

const dashed = (flag: string): string =>
  `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function candidatesOf([member = '', below = '']: readonly string[]): readonly string[] {
  if (member === 'concurrency') return [CONCURRENCY[below] ?? 'max'];
  const plain = member.replace(UNIT, '');
  return [...(FLAGS[member] ?? []), camel(plain), camel(plain.replace(/_id$/, ''))];
}

/** What is pointed at within the value of a flag; numbers of a repeated flag say nothing to whoever wrote it. */
function withinOf(flag: string, [, ...rest]: readonly string[]): string {
  const deeper = rest.filter((step) => !/^\d+$/.test(step));
  if (deeper.length === 0 || (flag !== 'arg' && flag !== 'args')) return '';
  return flag === 'arg' ? ` ${rest.join('.')}` : ` /${rest.join('/')}`;
}

/** The argument of a command that a member of its request came from. */
function argumentOf({ args = {} }: AnyCommand, names: readonly string[]): string | null {
  const title = (name: string): string => String(args[name]?.parameter['placeholder']);
  const name = names.find((one) => one !== '' && Object.hasOwn(args, one));
  if (name !== undefined) return title(name);
  const id = `${names.at(-1)?.toUpperCase()}-ID`;
  return title('id') === id ? id : null;
}

/** Rules of a policy are written in a file. */
const inFile = (path: readonly string[], { command, flags }: Asked): string | null =>
  flags['file'] !== undefined && command.flags?.['file']?.parameter['placeholder'] === FILE_OF_RULES
    ? `${path.join('.')} in --file`
    : null;

/** What somebody wrote that a `param` of the API is about: `--expires-in, in seconds`; null when nothing fits. */
export function flagOf(param: string, { command, flags }: Asked): string | null {
  const path = param.split('/').filter((step) => step !== '');
  const names = candidatesOf(path);
  const known = { ...GLOBALS, ...command.flags };
  const fitting = names.filter((name) => Object.hasOwn(known, name));
  const flag = fitting.find((name) => flags[name] !== undefined) ?? fitting[0];
  if (flag === undefined) return argumentOf(command, names) ?? inFile(path, { command, flags });
  const unit = UNIT.test(path[0] ?? '')
    ? `, in ${(path[0] ?? '').endsWith('_ms') ? 'milliseconds' : 'seconds'}`
    : '';
  return `${dashed(flag)}${withinOf(flag, path)}${unit}`;
}

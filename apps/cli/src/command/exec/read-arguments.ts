import { ROUTES } from '@xem/client';
import { readFile } from 'node:fs/promises';
import { UsageError } from '../../exit.ts';
import type { Session } from '../../session.ts';
import { assembleArguments, parseArguments } from './arguments.ts';

/** How the arguments of a call were given; exactly one of the two. */
export interface ArgumentSource {
  readonly tool: string;
  readonly workspace: string;
  readonly args: string | undefined;
  readonly arg: readonly string[] | undefined;
}

async function readGiven({ io }: Session, given: string): Promise<Record<string, unknown>> {
  if (given === '-') return parseArguments(await io.stdin.text(), 'standard input');
  if (!given.startsWith('@')) return parseArguments(given, '--args (a file is given as @FILE)');
  const path = given.slice(1);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--args @${path}: ${error instanceof Error ? error.message : ''}`, { cause: error });
  });
  return parseArguments(text, path);
}

/** Reads the arguments of a call. @throws UsageError, and what reading the tool throws */
export async function readArguments(
  session: Session,
  { tool, workspace, args, arg = [] }: ArgumentSource,
): Promise<Record<string, unknown>> {
  if ((args === undefined) === (arg.length === 0))
    throw new UsageError(
      'give the arguments of the tool by --args or by --arg, one of the two; none: --args {}',
    );
  if (args !== undefined) return readGiven(session, args);
  const { data } = await session.call(ROUTES['tool.get'], { name: tool, workspace_id: workspace });
  return assembleArguments(arg, data.parameters);
}

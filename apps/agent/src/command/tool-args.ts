import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { BootError } from '../boot/boot-error.ts';

const Args = z.record(z.string(), z.unknown());
export type ToolArgs = z.infer<typeof Args>;

/** Where `--args` says that they are. */
interface Source {
  readonly name: string;
  readonly json: string;
}

const usage = (message: string, cause?: unknown): BootError => new BootError('usage', message, { cause });

function readFile(path: string): Source {
  try {
    return { name: path, json: readFileSync(path, 'utf8') };
  } catch (err) {
    throw usage(`--args: ${path} cannot be read`, err);
  }
}

async function sourceOf(word: string): Promise<Source> {
  if (word === '-') return { name: 'standard input', json: await text(process.stdin) };
  return word.startsWith('@') ? readFile(word.slice(1)) : { name: 'the word', json: word };
}

function parse({ name, json }: Source): unknown {
  try {
    return JSON.parse(json);
  } catch (err) {
    throw usage(`--args: ${name} is not JSON: ${err instanceof Error ? err.message : 'unknown'}`, err);
  }
}

/** Reads the word of `--args`: JSON, `@FILE` or `-` for standard input. @throws BootError `usage` */
export async function readToolArgs(word: string): Promise<ToolArgs> {
  const source = await sourceOf(word);
  const args = Args.safeParse(parse(source));
  if (!args.success) throw usage(`--args must be a JSON object; ${source.name} holds something else`);
  return args.data;
}

import { readFile } from 'node:fs/promises';
import { UsageError } from '../../exit.ts';
import type { Io } from '../../io.ts';

const PREFIX = 'xjk_';

/** A join key, and the name it is for when it is for one. */
export interface JoinKeyValue {
  readonly value: string;
  readonly name: string | null;
}

async function textOf(io: Io, given: string): Promise<string> {
  if (given === '-') return io.stdin.text();
  if (!given.startsWith('@')) return given;
  const path = given.slice(1);
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new UsageError(`--join-key @${path} cannot be read`, { cause: error });
  });
}

/** The claims of a join key as far as they concern a person; whether it is good is the router's to say. */
function nameIn(value: string): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString());
    const isNamed = typeof claims === 'object' && claims !== null && 'name' in claims;
    return isNamed && typeof claims.name === 'string' ? claims.name : null;
  } catch {
    throw new UsageError('this is no join key: paste it again as it was printed');
  }
}

/** The join key somebody gave by the flag or by XEM_JOIN_KEY; null when nobody did. @throws UsageError */
export async function givenJoinKey(io: Io, given: string | undefined): Promise<JoinKeyValue | null> {
  const word = given ?? io.env['XEM_JOIN_KEY'];
  if (!word) return null;
  const value = (await textOf(io, word)).trim();
  if (!value.startsWith(PREFIX)) throw new UsageError(`a join key begins with ${PREFIX}; this one does not`);
  return { value, name: nameIn(value) };
}

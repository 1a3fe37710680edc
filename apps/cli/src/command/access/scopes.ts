import { SCOPES } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import { many } from '../flag.ts';

type ScopeWord = (typeof SCOPES)[number];

const isScope = (word: string): word is ScopeWord => SCOPES.some((scope) => scope === word);

/** What a key may be used for, each scope by itself or several with commas between. */
export const SCOPE_FLAG = many('SCOPE', `What the key may be used for: ${SCOPES.join(', ')}`);

/** Reads the words of `--scope`. @throws UsageError */
export function readScopes(words: readonly string[] | undefined): ScopeWord[] {
  const scopes = (words ?? []).flatMap((word) => word.split(','));
  const wrong = scopes.find((word) => !isScope(word));
  if (wrong === undefined && scopes.length > 0) return scopes.filter(isScope);
  const not = wrong === undefined ? '' : `, not ${wrong}`;
  throw new UsageError(`give --scope one or more of ${SCOPES.join(', ')}${not}`);
}

import { createHash } from 'node:crypto';
import type { Finding, Rule } from '../tree.ts';
import { textsIn } from '../waiting-list.ts';

/** Where the hashes of migrations stand that may have run somewhere. */
const HASHES = 'tools/tidy/migrations.json';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A migration that is in the list never changes and never goes; a new one is added to the list. */
export const migrations: Rule = (tree) => {
  const known = textsIn(tree, HASHES);
  const present = tree.paths.filter((path) => /\/migrations\/.*\.sql$/.test(path));
  const gone = [...known.keys()]
    .filter((path) => !present.includes(path))
    .map((where): Finding => ({ where, what: 'is a migration that may have run, and it is gone' }));
  const wrong = present.flatMap((where): readonly Finding[] => {
    const hash = sha256(tree.read(where));
    if (known.get(where) === hash) return [];
    const what = known.has(where)
      ? 'changed, and it may have run: add another'
      : 'is not in the list of hashes';
    return [{ where, what: `${what} (${HASHES}: "${where}": "${hash}")` }];
  });
  return [...gone, ...wrong];
};

import type { Rule } from '../tree.ts';

/** A folder or file that wants one of these names is a concept without a name. */
const BANNED = /^(?:utils?|helpers?|common|misc|shared)$/;

const partsOf = (path: string): readonly string[] => path.replace(/(?:\.test)?\.\w+$/, '').split('/');

/** No path holds a name that says nothing. */
export const names: Rule = ({ paths }) =>
  paths
    .filter((path) => partsOf(path).some((part) => BANNED.test(part)))
    .map((where) => ({ where, what: 'is named after nothing: name the concept' }));

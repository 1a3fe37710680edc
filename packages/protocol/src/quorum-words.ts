/** So many people of a group. */
interface Row {
  readonly group: string;
  readonly count: number;
}

/** How many people must agree: those of one row, or those of every row. */
interface Wanted {
  readonly any_of?: readonly Row[] | undefined;
  readonly all_of?: readonly Row[] | undefined;
}

/** An approval as far as it says who is asked. */
interface Asking {
  readonly stage: { readonly groups: readonly string[] };
  readonly quorum: Wanted;
}

const EVERYBODY = '*';

/** A group of a quorum or a stage as people read it: `*` is anybody. */
export const groupWords = (group: string): string => (group === EVERYBODY ? 'anybody' : group);

const rowsOf = ({ any_of: anyOf, all_of: allOf }: Wanted): readonly Row[] => anyOf ?? allOf ?? [];

const joined = (wanted: Wanted, words: readonly string[]): string =>
  words.join(wanted.any_of ? ' or ' : ' and ');

/** A quorum as people read it: `2 of anybody`, `1 of dba and 1 of security`. */
export const quorumWords = (quorum: Wanted): string =>
  joined(
    quorum,
    rowsOf(quorum).map(({ group, count }) => `${count} of ${groupWords(group)}`),
  );

/** How far it is with a quorum, row by row: `1 of 2 (anybody)`. `have` are the people who agreed. */
export function votesWords(quorum: Wanted & { readonly have: readonly Row[] }): string {
  const have = new Map(quorum.have.map(({ group, count }) => [group, count]));
  const words = rowsOf(quorum).map(
    ({ group, count }) => `${have.get(group) ?? 0} of ${count} (${groupWords(group)})`,
  );
  return joined(quorum, words);
}

const isOpen = (groups: readonly string[]): boolean => groups.length === 0 || groups.includes(EVERYBODY);

/** Whose voice counts in the present stage, by groups: without groups, or with `*` among them, it is anybody. */
export function voterWords({ stage, quorum }: Asking): string {
  const counted = rowsOf(quorum).map(({ group }) => group);
  const [asked, heard] = [stage.groups, counted].map((groups) =>
    isOpen(groups) ? null : groups.join(' or '),
  );
  if (!asked && !heard) return 'anybody with a key that may decide';
  if (!asked || !heard || asked === heard) return `people of ${asked ?? heard}`;
  return `people of ${asked} who are also of ${heard}`;
}

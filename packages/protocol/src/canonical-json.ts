/** Text that JSON writes as it stands between quotes: nearly all there is. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function writeText(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new TypeError('half of a surrogate pair has no JSON form');
  return JSON.stringify(text);
}

function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
  return JSON.stringify(value);
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Members stand in the order of their UTF-16 units, as sorting puts them; those that are undefined are left out. */
function writeMembers(object: Readonly<Record<string, unknown>>): string {
  if (typeof object['toJSON'] === 'function') throw new TypeError('what is made for JSON is no JSON value');
  let text = '';
  for (const name of Object.keys(object).toSorted()) {
    const value = object[name];
    if (value === undefined) continue;
    text += `${text === '' ? '{' : ','}${writeText(name)}:${canonicalJson(value)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Makes what writes objects that have these members and no others: what all of them share is sorted and written once. */
export function membersWriter(
  names: readonly string[],
): (object: Readonly<Record<string, unknown>>) => string {
  const members = names.toSorted().map((name) => ({ name, start: `${writeText(name)}:` }));
  return (object) => {
    let text = '';
    for (const { name, start } of members) {
      const value = object[name];
      if (value !== undefined) text += `${text === '' ? '{' : ','}${start}${canonicalJson(value)}`;
    }
    return text === '' ? '{}' : `${text}}`;
  };
}

/**
 * The RFC 8785 form of a JSON value: the bytes every hash and signature of the mesh is over. Each journal entry is
 * written so; the library that the tests hold this against took twice the time. @throws TypeError for what has none
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return writeText(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'boolean' || value === null) return `${value}`;
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item)).join(',')}]`;
  if (isMembers(value)) return writeMembers(value);
  throw new TypeError(`${typeof value} has no JSON form`);
}

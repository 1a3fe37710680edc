import { ExecError } from '@xem/errors';

/** Objects and arrays nest at most this deep. */
export const JSON_DEPTH_MAX = 64;

/** All objects of a body together have at most this many members, where its operation does not say more. */
export const JSON_MEMBERS_MAX = 2500;

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

const refuse = (message: string, param?: string): never => {
  throw new ExecError('invalid_body', message, param === undefined ? {} : { param });
};

/** Writes a path of members as a JSON pointer. */
export const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Where the string that opens at `at` has its closing quote; the end of a text in which it has none. */
function closingQuote(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return text.length;
}

/**
 * How many members the objects of a JSON text have, counting a name that is given twice as two. It is the first look at
 * a text: what parsing, walking and checking it cost grows with its members, half a microsecond or more for each.
 * @throws ExecError payload_too_large as soon as they are too many
 */
function countWritten(text: string, membersMax: number): number {
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = closingQuote(text, at);
    else if (code === COLON) members++;
    if (members <= membersMax) continue;
    throw new ExecError('payload_too_large', `the objects of the body have more than ${membersMax} members`);
  }
  return members;
}

function checkText(value: string, path: readonly PropertyKey[]): void {
  if (!value.isWellFormed()) refuse(`${pointerOf(path)} holds half of a surrogate pair`, pointerOf(path));
}

/** An integer that a double rounds would be shown to an approver otherwise than it was typed. */
function checkNumber(value: number, path: readonly PropertyKey[]): void {
  const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (Number.isFinite(value) && !isRounded) return;
  const pointer = pointerOf(path);
  const says = isRounded
    ? 'an integer beyond 2^53 - 1, which a number cannot hold: send it as a string'
    : 'a number beyond the range of a double';
  refuse(`${pointer} is ${says}`, pointer);
}

function countItems(items: readonly unknown[], path: PropertyKey[]): number {
  const last = path.push(0) - 1;
  let members = 0;
  for (let at = 0; at < items.length; at++) {
    path[last] = at;
    members += countParsed(items[at], path);
  }
  path.pop();
  return members;
}

function countMembers(value: object, path: PropertyKey[]): number {
  const last = path.push('') - 1;
  let members = 0;
  for (const [name, member] of Object.entries(value)) {
    path[last] = name;
    if (name === '__proto__') refuse('a member may not be called __proto__', pointerOf(path));
    checkText(name, path);
    members += 1 + countParsed(member, path);
  }
  path.pop();
  return members;
}

/**
 * Walks a value, refuses what has no canonical form, and counts the members of its objects. `path` is where the value
 * stands, one list for the whole walk: a copy for each of half a million numbers would hold up everybody else.
 */
function countParsed(value: unknown, path: PropertyKey[]): number {
  if (typeof value === 'string') checkText(value, path);
  if (typeof value === 'number') checkNumber(value, path);
  if (typeof value !== 'object' || value === null) return 0;
  if (path.length >= JSON_DEPTH_MAX) refuse(`the body nests deeper than ${JSON_DEPTH_MAX} levels`);
  return Array.isArray(value) ? countItems(value, path) : countMembers(value, path);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ExecError('invalid_body', 'the body is not valid JSON', { cause });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads a JSON object; an empty text is an empty object. Refuses what parsers disagree about: members given twice,
 * `__proto__`, broken strings, numbers that a double cannot hold, and nesting beyond reason.
 * @throws ExecError invalid_body, payload_too_large
 */
export function parseObject(text: string, membersMax = JSON_MEMBERS_MAX): Record<string, unknown> {
  if (text === '') return {};
  const written = countWritten(text, membersMax);
  const value = parse(text);
  if (!isObject(value)) return refuse('the body must be a JSON object');
  if (countParsed(value, []) !== written) refuse('the body gives one member of an object twice');
  return value;
}

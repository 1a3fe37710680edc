/**
 * Characters that a terminal or a reader's eye would obey rather than show: controls, formats (bidirectional
 * overrides, invisible joiners, tags), line separators, lone surrogates, and letters that are blank.
 */
const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\x1b' };

const unitsOf = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** Text from elsewhere as one line that shows what it holds and does nothing. */
export const visible = (text: string): string =>
  text.replaceAll(OBEYED, (character) => SHORT[character] ?? unitsOf(character));

/** A JSON or double-quoted YAML text with such characters written as `\uXXXX`; it means the same. */
export const visibleInQuotes = (text: string): string =>
  text.replaceAll(OBEYED, (character) => (character === '\n' ? character : unitsOf(character)));

/** Tells whether text holds such a character other than a line's end. */
export const hasObeyed = (text: string): boolean => text.replaceAll('\n', '').search(OBEYED) >= 0;

import { html } from 'hono/html';

/**
 * Characters that steer a display instead of being shown: controls, ANSI escapes, bidi and zero-width marks, spaces
 * that look like others, fillers, variation selectors, and what is assigned to nothing. Line breaks are kept.
 */
const STEERING = /[[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]--[\n\x20]]/gv;

/** A character as JSON escapes it. */
const escapeOf = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => String.raw`\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** A text with every steering character written out as its JSON escape. */
export const spellOut = (text: string): string => text.replaceAll(STEERING, escapeOf);

/** A text as a page shows it: escaped, and what was written out is marked as such. */
export function visible(text: string) {
  const shown = text.split(STEERING);
  const hidden = text.match(STEERING) ?? [];
  return shown.map((part, at) => {
    const character = hidden[at];
    return character === undefined ? html`${part}` : html`${part}<mark>${escapeOf(character)}</mark>`;
  });
}

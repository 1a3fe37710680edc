import { html } from 'hono/html';
import { expect, test } from 'vitest';
import { spellOut, visible } from './visible.ts';

const BACKSLASH = '\\';

test.each([
  ['an ANSI escape', '\u001b[31mred', `${BACKSLASH}u001b[31mred`],
  ['a bell', 'a\u0007', `a${BACKSLASH}u0007`],
  ['a C1 control', 'a\u009b2J', `a${BACKSLASH}u009b2J`],
  ['a carriage return', 'safe\rrm', `safe${BACKSLASH}u000drm`],
  ['a right-to-left override', 'txt\u202Eexe', `txt${BACKSLASH}u202eexe`],
  ['a bidi isolate', '\u2066a\u2069', `${BACKSLASH}u2066a${BACKSLASH}u2069`],
  ['a zero-width space', 'a\u200Bb', `a${BACKSLASH}u200bb`],
  ['a soft hyphen', 'a\u00ADb', `a${BACKSLASH}u00adb`],
  ['a no-break space', 'a\u00A0b', `a${BACKSLASH}u00a0b`],
  ['a line separator', 'a\u2028b', `a${BACKSLASH}u2028b`],
  ['a Hangul filler', 'a\u3164b', `a${BACKSLASH}u3164b`],
  ['a variation selector', 'a\uFE0Fb', `a${BACKSLASH}ufe0fb`],
  ['a tag character', 'a\u{E0041}', `a${BACKSLASH}udb40${BACKSLASH}udc41`],
])('spellOut writes out %s', (_name, text, shown) => {
  expect(spellOut(text)).toBe(shown);
});

test.each([['plain text'], ['two\nlines'], ['Grüße, 你好, שלום'], ['😀']])(
  'spellOut leaves %j alone',
  (text) => {
    expect(spellOut(text)).toBe(text);
  },
);

test('visible escapes markup and marks what it wrote out', async () => {
  const shown = await html`${visible('<b>\u202E</b>')}`;
  expect(shown.toString()).toBe(`&lt;b&gt;<mark>${BACKSLASH}u202e</mark>&lt;/b&gt;`);
});

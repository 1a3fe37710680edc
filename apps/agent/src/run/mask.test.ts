import { expect, test } from 'vitest';
import { blot, coveredBytes, createMask, finalSpans, NO_MASK } from './mask.ts';

const masked = (secrets: string[], text: string): string => {
  const raw = Buffer.from(text);
  blot(raw, createMask(secrets).cover(raw));
  return raw.toString();
};

test.each([
  ['a secret', ['hunter22'], 'pw=hunter22;', 'pw=********;'],
  ['two secrets side by side', ['hunter22', 'swordfish'], 'hunter22swordfish', '*****************'],
  ['secrets that overlap', ['abcdef', 'defghi'], 'xabcdefghix', 'x*********x'],
  ['a secret that overlaps itself', ['abaaba'], 'abaabaabax', '*********x'],
  [
    'a secret inside a longer one',
    ['secret1', 'my-secret1-long'],
    'my-secret1-long secret1',
    '*************** *******',
  ],
  [
    'secrets that start alike',
    ['token-1', 'token-22'],
    'token-22 token-1 token-3',
    '******** ******* token-3',
  ],
  ['a secret at both ends', ['hunter22'], 'hunter22 hunter22', '******** ********'],
  ['bytes of more than one a character', ['pässword'], 'x pässword', 'x *********'],
  ['a secret of several lines', ['line-one\nline-two'], 'line-one\nline-two', '*****************'],
  [
    'each line of it, indented or ended otherwise',
    ['line-one\nline-two\n'],
    '  line-two\r\n  line-one',
    '  ********\r\n  ********',
  ],
  ['a secret that JSON writes otherwise', ['a"b\\c"d'], String.raw`{"k":"a\"b\\c\"d"}`, '{"k":"**********"}'],
  [
    'a secret that begins another',
    ['token-abc', 'token-abcdef'],
    'token-abcde token-abcdef',
    '*********de ************',
  ],
])('mask.cover covers %s', (...[, secrets, text, expected]) => {
  expect(masked(secrets, text)).toBe(expected);
});

test.each([
  ['shorter than six characters', ['abc12'], 'abc12'],
  ['empty', [''], 'abc'],
  ['a line of a secret that is too short', ['short\nlong-enough'], 'short'],
  ['only blank', ['\n\n      \n'], 'a b c'],
  ['cut off at the end', ['hunter22'], 'hunter2'],
])('mask.cover leaves a value alone that is %s', (_, secrets, text) => {
  expect(masked(secrets, text)).toBe(text);
});

test.each([
  ['nothing', 'plain text', 10],
  ['the first byte of a secret', 'plain th', 7],
  ['all of a secret but its end', 'plain hunter2', 6],
  ['the longest such end', 'hunhunhunt', 6],
])('mask.openFrom holds back %s', (_, text, from) => {
  expect(createMask(['hunter22']).openFrom(Buffer.from(text))).toBe(from);
});

test('mask.openFrom holds nothing back without secrets', () => {
  expect(NO_MASK.openFrom(Buffer.from('hunter22'))).toBe(8);
  expect(createMask([]).reach).toBe(0);
});

test.each([
  ['leaves the end of a whole stream alone', false, 'xabcde', 'xabcde'],
  ['covers the start of a secret where a stream was cut', true, 'xabcde', 'x*****'],
  ['covers it around a shorter secret', true, 'xabcdefgh', 'x********'],
  ['keeps what is covered before it', true, 'cdefgh abcd', '****** ****'],
])('finalSpans %s', (...[, isCut, text, expected]) => {
  const raw = Buffer.from(text);
  blot(raw, finalSpans(createMask(['abcdefghijkl', 'cdefgh']), raw, isCut));
  expect(raw.toString()).toBe(expected);
});

test('coveredBytes counts only what lies between its bounds', () => {
  const spans = [
    { start: 2, end: 6 },
    { start: 8, end: 10 },
  ];
  expect(coveredBytes(spans, 0, 20)).toBe(6);
  expect(coveredBytes(spans, 4, 9)).toBe(3);
  expect(coveredBytes(spans, 6, 8)).toBe(0);
});

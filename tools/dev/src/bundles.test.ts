import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { linkBundles } from './bundles.ts';
import { placeOf } from './place.ts';

function emptyPlace() {
  const dir = mkdtempSync(join(tmpdir(), 'xem-dev-bundles-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return placeOf(dir);
}

test('dev.bundles links demo and host, again and again', () => {
  const place = emptyPlace();
  linkBundles(place);
  linkBundles(place);
  expect(readdirSync(place.toolsDir)).toEqual(['demo', 'host']);
  expect(readFileSync(join(place.toolsDir, 'demo', 'bundle.yaml'), 'utf8')).toContain('demo_echo');
});

test('dev.bundles leaves bundles of others alone, and links that lead nowhere it does not', () => {
  const place = emptyPlace();
  mkdirSync(join(place.toolsDir, 'host'), { recursive: true });
  writeFileSync(join(place.toolsDir, 'host', 'bundle.yaml'), 'mine');
  symlinkSync('/nonexistent', join(place.toolsDir, 'demo'));
  linkBundles(place);
  expect(readFileSync(join(place.toolsDir, 'host', 'bundle.yaml'), 'utf8')).toBe('mine');
  expect(readFileSync(join(place.toolsDir, 'demo', 'bundle.yaml'), 'utf8')).toContain('demo_echo');
});

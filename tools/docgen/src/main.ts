import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { referencePages } from './reference.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/reference', import.meta.url));

const present = (): readonly string[] => (existsSync(FOLDER) ? readdirSync(FOLDER) : []);

const isCurrent = (name: string, text: string): boolean =>
  existsSync(join(FOLDER, name)) && readFileSync(join(FOLDER, name), 'utf8') === text;

/** Names of pages that are not what the tables say, or that no table makes. */
function stalePages(pages: ReadonlyMap<string, string>): readonly string[] {
  const changed = [...pages].filter(([name, text]) => !isCurrent(name, text)).map(([name]) => name);
  return [...changed, ...present().filter((name) => !pages.has(name))];
}

function write(pages: ReadonlyMap<string, string>): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of present()) if (!pages.has(name)) rmSync(join(FOLDER, name));
  for (const [name, text] of pages) writeFileSync(join(FOLDER, name), text);
}

const pages = await referencePages();
if (process.argv.includes('--check')) {
  const stale = stalePages(pages);
  for (const name of stale) process.stdout.write(`docs/reference/${name} is out of date: pnpm run docs\n`);
  if (stale.length > 0) process.exit(1);
} else {
  write(pages);
}

import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { createMask, type Mask } from './mask.ts';

/**
 * The masks of runs that may outlive the agent: credentials that are changed meanwhile stay hidden in what an older run
 * wrote, and its bytes stay those whose hash was taken. Secrets at rest, in files that are the agent's alone.
 */
export interface MaskArchive {
  /** Keeps a mask; the name to find it by, null for one that covers nothing. Throws when the disk refuses. */
  keep(mask: Mask): string | null;
  find(name: string): Mask | null;
  /** Covers what any mask that is kept covers. */
  all(): Mask;
  /** Forgets the others. */
  retain(names: ReadonlySet<string>): void;
}

const NAME = /^[0-9a-f]{64}$/;
const Values = z.array(z.string());

function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => NAME.test(name));
  } catch {
    return [];
  }
}

function read(folder: string, name: string): string[] {
  try {
    return NAME.test(name) ? Values.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))) : [];
  } catch {
    return [];
  }
}

function write(folder: string, { values }: Mask): string {
  const text = JSON.stringify(values);
  const name = hash('sha256', text);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, `${name}.new`), text, { mode: 0o600 });
  renameSync(join(folder, `${name}.new`), join(folder, name));
  return name;
}

/** The masks in `folder`, which is made when there is one to keep. */
export function openMaskArchive(folder: string): MaskArchive {
  const names = new WeakMap<Mask, string>();
  return {
    keep: (mask) => {
      if (mask.reach === 0) return null;
      const name = names.get(mask) ?? write(folder, mask);
      names.set(mask, name);
      return name;
    },
    find: (name) => {
      const values = read(folder, name);
      return values.length === 0 ? null : createMask(values);
    },
    all: () => createMask(list(folder).flatMap((name) => read(folder, name))),
    retain: (kept) => {
      for (const name of list(folder)) if (!kept.has(name)) rmSync(join(folder, name), { force: true });
    },
  };
}

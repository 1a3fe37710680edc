import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes a program that is a script of Node, under the name it is to have; returns its folder, to stand in a PATH. */
export function standInProgram(folder: string, name: string, script: string): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, name), `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`);
  chmodSync(join(programs, name), 0o755);
  return programs;
}

/** Writes a program that tells its arguments, one a line. */
export function tellingProgram(folder: string, name: string): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, name), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  chmodSync(join(programs, name), 0o755);
  return programs;
}

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const script = (name: string): string => `#!/bin/sh
# Runs ${name} with the Node.js of the host, 24 or later, from any folder, by any link. It becomes the program: signals
# to its process are signals to the program. A small young generation frees the buffers of output soon.
here=$(dirname -- "$(readlink -f -- "$0")")
exec node --max-semi-space-size=2 "$here/../lib/app/main.mjs" "$@"
`;

/** Puts the command of a program into the `bin` of its folder. */
export async function putLauncher(folder: string, name: string): Promise<void> {
  const path = join(folder, 'bin', name);
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(path, script(name));
  await chmod(path, 0o755);
}

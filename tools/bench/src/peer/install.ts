import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PEER_PACKAGES, PEERS_DIR } from './folder.ts';

/** `pnpm bench:peers`: puts the peers into a folder of their own. None of their install scripts is run. */
const description = {
  name: 'xem-bench-peers',
  private: true,
  description: 'Made by `pnpm bench:peers`; remove the folder to be rid of them.',
  dependencies: PEER_PACKAGES,
};

mkdirSync(PEERS_DIR, { recursive: true });
writeFileSync(join(PEERS_DIR, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
const { status, error } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
  cwd: PEERS_DIR,
  stdio: 'inherit',
});
if (error) process.stderr.write(`npm could not be started: ${error.message}\n`);
process.exitCode = status ?? 1;

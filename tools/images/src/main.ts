import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { importHostBase } from './host-base.ts';
import { REPOSITORY } from './place.ts';
import type { ProgramName } from './program.ts';
import { ship } from './ship.ts';

const OFFICIAL = 'node:24-bookworm-slim';

const USAGE = `pnpm images [flags]    bundle router and agent into dist/, and build their images

  --tag TAG          tag of the images xem-router and xem-agent (dev)
  --base IMAGE       image with Node.js 24 that they are built on (${OFFICIAL})
  --base-from-host   make the base from this machine's own Node.js where the other cannot be pulled; for tests
  --bundle-only      no images
`;

const NAMES: readonly ProgramName[] = ['router', 'agent'];

const HOST_BASE = 'xem-base:host';

const OPTIONS = {
  tag: { type: 'string', default: 'dev' },
  base: { type: 'string', default: OFFICIAL },
  'base-from-host': { type: 'boolean', default: false },
  'bundle-only': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const succeeds = (...args: readonly string[]): boolean =>
  spawnSync('docker', args, { stdio: 'ignore' }).status === 0;

/** The base that can be had. */
function baseOf(wanted: string, fromHost: boolean): string {
  if (succeeds('image', 'inspect', wanted) || succeeds('pull', wanted)) return wanted;
  if (!fromHost) throw new Error(`${wanted} cannot be pulled; name another with --base`);
  importHostBase(HOST_BASE);
  return HOST_BASE;
}

function buildImage(name: ProgramName, { tag, base }: { tag: string; base: string }): void {
  const image = `xem-${name}:${tag}`;
  const args = [
    'build',
    '-q',
    '-f',
    `apps/${name}/Dockerfile`,
    '--build-arg',
    `BASE=${base}`,
    '-t',
    image,
    '.',
  ];
  const { status } = spawnSync('docker', args, { cwd: REPOSITORY, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${image} could not be built`);
  process.stdout.write(`${image} on ${base}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  for (const name of NAMES) process.stdout.write(`${await ship(name)}\n`);
  if (values['bundle-only']) return;
  const base = baseOf(values.base, values['base-from-host']);
  for (const name of NAMES) buildImage(name, { tag: values.tag, base });
}

await main();

import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** What a script or a person in the container may want to call; those that the host lacks are left out. */
const PROGRAMS =
  'sh env cat ls mkdir rm cp mv chown chmod sleep head tail wc id date tr kill ps true false readlink dirname basename touch stat grep sed awk sha256sum printf seq';

/** Accounts and names, as small as they can be. */
const FILES = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nxem:x:10001:10001:XEM:/nonexistent:/bin/sh\n',
  'etc/group': 'root:x:0:\nxem:x:10001:\n',
  'etc/nsswitch.conf': 'hosts: files dns\n',
} as const;

const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

function pathOf(program: string): string | null {
  const { stdout, status } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' });
  const path = stdout.trim();
  return status === 0 && path.startsWith('/') ? realpathSync(path) : null;
}

/** The libraries a program is linked with, and its loader, by their absolute paths. */
const librariesOf = (program: string): readonly string[] =>
  [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(\/\S+)(?= \(0x)/g)].map(
    ([path]) => path,
  );

/** Name services that are loaded by name: `ldd` does not see them. */
const namesServices = (libraries: readonly string[]): readonly string[] => {
  const libc = libraries.find((path) => basename(path).startsWith('libc.so'));
  const folder = libc === undefined ? '/lib' : dirname(libc);
  return ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2', 'libgcc_s.so.1', 'libstdc++.so.6']
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path));
};

function place(root: string, path: string, target = path): void {
  mkdirSync(dirname(join(root, target)), { recursive: true });
  cpSync(realpathSync(path), join(root, target));
}

function fill(root: string): void {
  for (const folder of ['usr/bin', 'usr/lib', 'usr/lib64', 'etc', 'proc', 'sys', 'dev', 'root', 'var/lib'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const link of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${link}`, join(root, link));
  mkdirSync(join(root, 'tmp'), { mode: 0o1777 });
  const programs = PROGRAMS.split(' ').flatMap((name) => {
    const path = pathOf(name);
    return path === null ? [] : [{ name, path }];
  });
  const everything = [...programs, { name: 'node', path: realpathSync(process.execPath) }];
  const libraries = new Set(everything.flatMap(({ path }) => librariesOf(path)));
  for (const path of [...libraries, ...namesServices([...libraries])]) place(root, path);
  for (const { name, path } of everything) place(root, path, `/usr/bin/${name}`);
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(root, path), text);
  if (existsSync(CERTIFICATES)) place(root, CERTIFICATES);
}

/**
 * Makes a base image out of this machine's own Node.js, shell and libraries: for where no image can be pulled. It is
 * for tests; what is shipped is built on an image that somebody keeps up to date.
 */
export function importHostBase(tag: string): void {
  const root = mkdtempSync(join(tmpdir(), 'xem-base-'));
  try {
    fill(root);
    const archive = join(root, '..', `${basename(root)}.tar`);
    execFileSync('tar', ['-C', root, '-cf', archive, '.']);
    execFileSync('docker', ['import', archive, tag], { stdio: 'ignore' });
    rmSync(archive);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

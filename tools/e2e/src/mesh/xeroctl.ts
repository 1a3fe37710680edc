import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Mesh } from './mesh.ts';

const JQ = fileURLToPath(new URL('jq.ts', import.meta.url));
const XEROCTL = fileURLToPath(new URL('../../../dev/src/xeroctl.ts', import.meta.url));

/** What a command printed, and how it ended. */
export interface Printed {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const MAX_BUFFER = 256 * 1024 * 1024;

function runFile(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Printed> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      { env, encoding: 'buffer', maxBuffer: MAX_BUFFER },
      (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : (child.exitCode ?? 1);
        resolve({ code: error ? code : 0, stdout, stderr: stderr.toString('utf8') });
      },
    );
    child.stdin?.end();
  });
}

const environment = ({ dir, url }: Mesh, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...process.env,
  XEROTIER_BASE_URL: url,
  ...env,
  XEM_DEV_DIR: dir,
});

/** Runs a command of the CLI against a mesh, as `pnpm --silent xeroctl` does. */
export const xeroctl = (mesh: Mesh, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Printed> =>
  runFile(process.execPath, [XEROCTL, ...args], environment(mesh, env));

const definition = (name: string, program: string): string =>
  `${name}() { "${process.execPath}" "${program}" "$@"; }\n`;

/** Runs a line of shell in which `xeroctl` is the CLI against a mesh: the examples of the product as they are written. */
export const shell = (mesh: Mesh, line: string, env: NodeJS.ProcessEnv = {}): Promise<Printed> => {
  const prelude = definition('xeroctl', XEROCTL) + definition('jq', JQ);
  return runFile('/bin/bash', ['-c', `set -o pipefail\n${prelude}${line}`], environment(mesh, env));
};

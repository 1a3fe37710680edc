import { relative } from 'node:path';
import type { MeshFile } from './mesh-file.ts';
import { REPOSITORY, type Place } from './place.ts';

const DEFAULT_DIR = '.xem';

/** A word of a shell's command line that stands for itself, whatever characters it has. */
const shellWord = (word: string): string =>
  /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** What is told once, of a mesh that was made just now. */
export const FIRST_START = `  A destructive call that nobody decides within 15 minutes just ends: the policy names nobody to ask next. Name them with
  xeroctl approvals policies set, see docs/guide/approvals.md.
`;

/** What a person reads when a mesh is ready: where it is, three commands to try, how long it took. */
export function banner(place: Place, mesh: MeshFile, tookMs: number): string {
  const folder = relative(REPOSITORY, place.dir);
  const prefix = folder === DEFAULT_DIR ? '' : `XEM_DEV_DIR=${shellWord(place.dir)} `;
  const xeroctl = `${prefix}npx -y pnpm@12 --silent xeroctl`;
  const invoke = `${xeroctl} exec invoke --workspace ${mesh.workspace_id}`;
  return `
  XEM is ready after ${(tookMs / 1000).toFixed(1)} s: a router, an agent, an MCP server.

  API    ${mesh.router_url}   (docs: ${mesh.router_url}/docs)
  MCP    ${mesh.mcp_url}
  People ${mesh.console_url}   (sign in with a key of dev.json to decide)
  State  ${place.dir}   (addresses and keys: dev.json, logs: log/)

  Try, in another terminal:
    ${xeroctl} exec tools
    ${invoke} --tool demo_echo --args '{"hello":"mesh"}' --wait
    ${invoke} --tool demo_effect --args '{"note":"a person must agree"}'

  Ctrl-C stops all of it.
`;
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stage } from '../contest/stage.ts';
import { figure } from '../report/number.ts';
import { programTimes } from './program-time.ts';
import type { Row } from './row.ts';

const BUNDLER = fileURLToPath(new URL('../../../../apps/cli/src/bundle.ts', import.meta.url));
const BUNDLED = fileURLToPath(new URL('../../../../apps/cli/dist/xeroctl.mjs', import.meta.url));

/** The command line, bundled as it is shipped, against a Node that does nothing. */
export async function commandLine({ clock, mesh }: Stage, times: number): Promise<readonly Row[]> {
  execFileSync(process.execPath, [BUNDLER], { stdio: 'ignore' });
  const home = mkdtempSync(join(tmpdir(), 'xem-bench-home-'));
  const env = {
    HOME: home,
    XDG_CONFIG_HOME: home,
    XEROTIER_BASE_URL: mesh.router_url,
    XEROTIER_API_KEY: mesh.keys.operator,
  };
  const [nothing = 0, version = 0, list = 0] = await programTimes(clock, times, [
    { args: ['-e', '0'] },
    { args: [BUNDLED, '--version'], env },
    { args: [BUNDLED, 'exec', 'list'], env },
  ]);
  rmSync(home, { recursive: true });
  const row = (verb: string, goal: string, ms: number): Row => ({
    id: `xeroctl ${verb}`,
    says: `xeroctl ${verb} against node -e 0`,
    ratio: ms / nothing,
    goal,
    figures: `${figure(ms)} ms; ${figure(nothing)} ms`,
  });
  return [row('--version', '≤ 1.5', version), row('exec list', '≤ 4', list)];
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { BenchMesh } from '../mesh.ts';
import { figure } from '../report/number.ts';
import { residentBytes } from '../resident.ts';
import type { Row } from './row.ts';

const MIB = 1024 * 1024;
const IDLE = 'process.stdin.resume(); process.stdout.write("up")';

/** What a Node that does nothing has resident, in bytes. */
async function bareNode(): Promise<number> {
  const child = spawn(process.execPath, ['-e', IDLE], { stdio: ['pipe', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const bytes = residentBytes(child.pid ?? 0);
  child.kill();
  return bytes;
}

/** What router and agent have resident now, against a Node that does nothing. */
export async function residentNow({ pids }: Pick<BenchMesh, 'pids'>, when: string): Promise<readonly Row[]> {
  const bare = await bareNode();
  const row = (who: string, pid: number, goal: string | null): Row => {
    const bytes = residentBytes(pid);
    return {
      id: `resident-${who}-${when}`,
      says: `resident ${when}, ${who} from source against a bare Node`,
      ratio: bytes / bare,
      goal,
      figures: `${figure(bytes / MIB)} MiB; ${figure(bare / MIB)} MiB`,
    };
  };
  return [
    row('router', pids.router, null),
    ...pids.agents.map((pid) => row('agent', pid, when === 'idle' ? '≤ 70 MB' : null)),
  ];
}

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands in for the agent: enrols with its key, and behaves as `FAKE_AGENT` says. */
const identity = join(process.env['XEM_STATE_DIR'] ?? '', 'identity');
const manner = process.env['FAKE_AGENT'];
if (!existsSync(identity)) writeFileSync(identity, process.env['XEM_JOIN_KEY'] ?? 'no join key');
if (manner === 'crashes') {
  process.stderr.write('the fake agent has no bundles\n');
  process.exit(78);
}
process.on('SIGTERM', () => manner !== 'stubborn' && process.exit(0));
process.on('disconnect', () => process.exit(0));
process.on('SIGUSR2', () => process.exit(3));
process.send?.({ type: 'ready', agent_id: 'agt_1' });

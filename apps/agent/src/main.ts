import { runAgent } from './run-agent.ts';
import { BootError, EXIT_CONFIG } from './boot/boot-error.ts';
import { readCommandLine } from './settings.ts';
import { USAGE } from './boot/usage.ts';
import { AGENT_VERSION } from './boot/version.ts';

const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const line = await readCommandLine({ argv: process.argv.slice(2), env: process.env });
  if (line.isHelpAsked) return void process.stdout.write(USAGE);
  if (line.isVersionAsked) return void process.stdout.write(`${AGENT_VERSION}\n`);
  const [command] = line.words;
  if (command !== undefined) throw new BootError('usage', `There is no command "${command}".`);
  return runAgent(line.settings);
}

try {
  await main();
} catch (err) {
  if (!(err instanceof BootError)) throw err;
  process.stderr.write(`xem-agent: ${err.message}\n`);
  process.exit(err.code === 'usage' ? EXIT_USAGE : EXIT_CONFIG);
}

import { EXIT_CONFIG } from '@xem/runtime';
import { BootError } from './boot/boot-error.ts';
import { USAGE } from './boot/usage.ts';
import { AGENT_VERSION } from './boot/version.ts';
import { runTool } from './command/run-tool.ts';
import { validate } from './command/validate.ts';
import { runAgent } from './run-agent.ts';
import { readCommandLine, type CommandLine } from './settings.ts';

const EXIT_USAGE = 2;

async function runToolHere({ settings, words, args, workspace }: CommandLine): Promise<void> {
  const { status, exit_code, error } = await runTool(settings, { tool: words[1], args, workspace });
  process.stderr.write(`${status}${error ? `: ${error.message}` : ''}\n`);
  process.exitCode = exit_code ?? 1;
}

async function validateHere({ settings }: CommandLine): Promise<void> {
  const { manifest, providers } = await validate(settings);
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
  process.stderr.write(
    `xem-agent: ${manifest.tools.length} tools, by ${providers.join(', ') || 'nothing'}\n`,
  );
}

async function main(): Promise<void> {
  const line = await readCommandLine({ argv: process.argv.slice(2), env: process.env });
  if (line.isHelpAsked) return void process.stdout.write(USAGE);
  if (line.isVersionAsked) return void process.stdout.write(`${AGENT_VERSION}\n`);
  switch (line.words[0]) {
    case undefined:
      return runAgent(line.settings);
    case 'validate':
      return validateHere(line);
    case 'run-tool':
      return runToolHere(line);
    default:
      throw new BootError('usage', `There is no command "${line.words[0]}"; see --help.`);
  }
}

try {
  await main();
} catch (err) {
  if (!(err instanceof BootError)) throw err;
  process.stderr.write(`xem-agent: ${err.message}\n`);
  process.exit(err.code === 'usage' ? EXIT_USAGE : EXIT_CONFIG);
}

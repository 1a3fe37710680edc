import { EXIT_CONFIG } from '@xem/runtime';
import { BootError } from './boot/boot-error.ts';
import { RUN_TOOL_USAGE, USAGE } from './boot/usage.ts';
import { AGENT_VERSION } from './boot/version.ts';
import { EXIT_INTERRUPTED, exitStatusOf } from './command/exit-status.ts';
import { runTool } from './command/run-tool.ts';
import { validate } from './command/validate.ts';
import { runAgent } from './run-agent.ts';
import { readCommandLine, type CommandLine } from './settings.ts';

const EXIT_USAGE = 2;

/** Ctrl-C ends the tool, not only the one who waits for it. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => stop.abort(new BootError('interrupted', 'interrupted')));
  }
  return stop.signal;
}

async function runToolHere({ settings, words, args, workspace }: CommandLine): Promise<void> {
  const end = await runTool(settings, { tool: words[1], args, workspace, stop: stopSignal() });
  process.stderr.write(`${end.status}${end.error ? `: ${end.error.message}` : ''}\n`);
  process.exitCode = exitStatusOf(end);
}

function statusOf({ code }: BootError): number {
  if (code === 'interrupted') return EXIT_INTERRUPTED;
  return code === 'usage' ? EXIT_USAGE : EXIT_CONFIG;
}

async function validateHere({ settings }: CommandLine): Promise<void> {
  const { manifest, providers } = await validate(settings);
  process.stdout.write(`${JSON.stringify(manifest, null, 2)}\n`);
  process.stderr.write(
    `xem-agent: ${manifest.tools.length} tools${providers.length > 0 ? `, by ${providers.join(', ')}` : ''}\n`,
  );
}

async function main(): Promise<void> {
  const line = await readCommandLine({ argv: process.argv.slice(2), env: process.env });
  if (line.isHelpAsked)
    return void process.stdout.write(line.words[0] === 'run-tool' ? RUN_TOOL_USAGE : USAGE);
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
  process.exit(statusOf(err));
}

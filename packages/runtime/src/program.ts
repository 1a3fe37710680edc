import { HopelessStartError } from './config.ts';

/** `EX_CONFIG` of sysexits.h: do not start again before somebody has changed something. */
export const EXIT_CONFIG = 78;

/** Runs a program. What it throws while it starts ends it: with 78 when starting again would not help, with 1 for anything else. */
export async function runProgram(name: string, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${name}: ${says}\n`);
    process.exit(error instanceof HopelessStartError ? EXIT_CONFIG : 1);
  }
}

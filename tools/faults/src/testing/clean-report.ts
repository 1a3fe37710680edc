import { rm } from 'node:fs/promises';
import { lastWords } from '@xem/runtime/testing';
import { expect } from 'vitest';
import { isClean, type Report } from '../scenario/experiment.ts';

/** Holds that nothing broke; otherwise the evidence stays, and the last words of all processes are told. */
export async function expectClean(report: Report, said: readonly string[]): Promise<void> {
  const { violations, mishaps, dir } = report;
  if (isClean(report)) await rm(dir, { recursive: true, force: true });
  else process.stderr.write(lastWords(dir));
  expect({ violations, mishaps, dir, said }).toMatchObject({ violations: [], mishaps: [] });
}

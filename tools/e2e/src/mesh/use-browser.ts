import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
} from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

/** The package's own arguments switch web security off, which would make tests of it worthless. */
const ARGS = ['--no-sandbox', '--no-zygote', '--disable-gpu'];

/** How long a page may take to show what a test waits for. */
const WAIT_MS = 10_000;

interface Unpacked {
  readonly browser: Browser;
  readonly dir: string;
}

/** Unpacks the browser into a folder of its own: another user could not run what lies in the common one. */
async function launch(): Promise<Unpacked> {
  const dir = await mkdtemp(join(tmpdir(), 'xem-chromium-'));
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = dir;
  const executablePath = await chromium.executablePath();
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  return { browser: await playwright.launch({ executablePath, args: ARGS }), dir };
}

/** A real Chromium for the tests of a file; each call opens a context without cookies. */
export function useBrowser(): (options?: BrowserContextOptions) => Promise<BrowserContext> {
  let unpacked: Unpacked | undefined;
  beforeAll(async () => {
    unpacked = await launch();
  });
  afterAll(async () => {
    await unpacked?.browser.close();
    if (unpacked) await rm(unpacked.dir, { recursive: true, force: true });
  });
  return async (options = {}) => {
    if (!unpacked) throw new Error('the browser has not started');
    const context = await unpacked.browser.newContext(options);
    context.setDefaultTimeout(WAIT_MS);
    return context;
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '@xem/runtime';
import { runDev, type Halt } from '../dev.ts';
import { placeOf, type Place } from '../place.ts';
import { FAKE_PROGRAMS } from './fake-programs.ts';

/** A mesh of fakes that runs in this process. */
export interface FakeMesh {
  readonly place: Place;
  /** Resolves with the first thing it said: the banner, or why it stops. */
  readonly said: Promise<string>;
  /** Everything it said. */
  readonly lines: readonly string[];
  readonly status: Promise<number>;
  stop(): Promise<number>;
}

interface FakeMeshOptions {
  readonly dir?: string;
  readonly clock?: Clock;
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder for a mesh, and how to remove it. */
export function temporaryPlace(): Place & Disposable {
  const place = placeOf(mkdtempSync(join(tmpdir(), 'xem-dev-')));
  return { ...place, [Symbol.dispose]: () => rmSync(place.dir, { recursive: true, force: true }) };
}

/** Starts a mesh of fakes in a folder, on free ports. */
export function startFakeMesh(
  place: Place,
  { clock = systemClock(), env = {} }: FakeMeshOptions = {},
): FakeMesh {
  const halt = new AbortController();
  const lines: string[] = [];
  const first = Promise.withResolvers<string>();
  const say = (text: string): void => {
    lines.push(text);
    first.resolve(text);
  };
  const status = runDev({
    clock,
    place,
    programs: FAKE_PROGRAMS,
    portBase: { base: 0, explicit: true },
    env: { ...process.env, FAKE_MESH_FILE: place.meshFile, ...env },
    halt,
    say,
    waitedMs: () => 1234,
  });
  return {
    place,
    said: first.promise,
    lines,
    status,
    stop: () => {
      halt.abort({ status: 0, why: 'the test is over' } satisfies Halt);
      return status;
    },
  };
}

import { AttemptKey, InvocationId, WorkspaceId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { withNotePoints, withSpawnPoints } from './crash-points.ts';
import { lostResult } from './dispatch/result.ts';
import type { ToolHost } from './dispatch/tool-host.ts';
import type { Journal } from './journal/journal.ts';
import { memoryRun, unstarted } from './run/memory-run.ts';

const KEY = AttemptKey.parse({ execution_id: '01890a5d-ac96-774b-bcce-b302099a8057', attempt: 1 });

const around = (what: string, done: string) => [`before-note:${what}`, done, `after-note:${what}`];

function scene() {
  const places: string[] = [];
  return { places, crash: { reach: (place: string) => void places.push(place) } };
}

test('withSpawnPoints passes a point before a spawn, one after it and one after the end', async () => {
  const { places, crash } = scene();
  const host: ToolHost = {
    tools: new Map(),
    providers: [],
    credentialsRef: () => null,
    onChange: () => undefined,
    prepare: () => () => (places.push('spawned'), memoryRun(KEY, Promise.resolve(unstarted('none')))),
    reattach: () => null,
    list: () => [],
    remove: async () => undefined,
    close: () => undefined,
  };
  const start = withSpawnPoints(host, crash).prepare({
    key: KEY,
    invocationId: InvocationId.parse(KEY.execution_id),
    tool: 'demo_effect',
    workspaceId: WorkspaceId.parse('ws_00000000'),
    args: {},
    timeoutMs: 1,
    traceparent: null,
  });
  expect(places).toEqual([]);
  await start().ended;
  expect(places).toEqual([
    'before-spawn:demo_effect',
    'spawned',
    'after-spawn:demo_effect',
    'after-exit:demo_effect',
  ]);
});

test('withNotePoints passes a point before a note and one after it', () => {
  const { places, crash } = scene();
  const note = (what: string) => () => void places.push(what);
  const journal: Journal = {
    id: 'journal',
    find: () => null,
    open: () => [],
    accept: ({ key, expiresAt }) => {
      places.push('accept');
      return { key, expiresAt, state: 'accepted', result: null, isAcknowledged: false };
    },
    markRunning: note('running'),
    end: note('end'),
    acknowledge: note('acknowledge'),
    sweep: note('sweep'),
    readFact: () => null,
    writeFact: note('fact'),
    flush: note('flush'),
    close: note('close'),
  };
  const watched = withNotePoints(journal, crash);
  watched.accept({ key: KEY, expiresAt: 0 }, 'synced');
  watched.end(KEY, lostResult(KEY, 'gone'));
  watched.acknowledge(KEY);
  expect(places).toEqual([
    ...around('accepted', 'accept'),
    ...around('ended', 'end'),
    ...around('acknowledged', 'acknowledge'),
  ]);
});

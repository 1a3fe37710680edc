import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { carriersOf, openRunRig, outcome, type RunRig } from '../testing/run-rig.ts';
import type { RunRequest } from './runner.ts';
import type { ResourceLimits } from './resource-limits.ts';

let rig: RunRig;
beforeEach(() => {
  rig = openRunRig();
});
afterEach(() => rig.close());

const NONE: ResourceLimits = {
  cpuSeconds: null,
  memoryBytes: null,
  processes: null,
  openFiles: null,
  fileBytes: null,
};
const SLOW = 120_000;

const limited = (argv: RunRequest['argv'], limits: Partial<ResourceLimits>): RunRequest =>
  rig.request(argv, { limits: { ...NONE, ...limits }, timeoutMs: SLOW });

const script = (text: string): RunRequest['argv'] => ['dash', '-c', text];
const perl = (text: string): RunRequest['argv'] => ['perl', '-e', text];

/** Processes are counted by user, and root is exempt: another user runs the tool then. */
const asUser = (argv: RunRequest['argv']): RunRequest['argv'] =>
  process.getuid?.() === 0
    ? ['setpriv', '--reuid', '61234', '--regid', '61234', '--clear-groups', ...argv]
    : argv;

type Row = readonly [
  what: string,
  limits: Partial<ResourceLimits>,
  argv: RunRequest['argv'],
  expected: { readonly stdout?: string; readonly stderr?: unknown; readonly end: object },
];

const failed = (exit_code: number, signal: string | null, message: string) => ({
  end: {
    status: 'failed',
    ended_by: 'exit',
    exit_code,
    signal,
    error: { code: 'tool_exit_nonzero', message },
  },
});

const rows: readonly Row[] = [
  [
    'processor time',
    { cpuSeconds: 1 },
    script('while :; do :; done'),
    failed(152, 'SIGXCPU', 'the tool was ended by SIGXCPU: its processor time was used up'),
  ],
  [
    'processor time of a tool that takes no notice',
    { cpuSeconds: 1 },
    script('trap "" XCPU; while :; do :; done'),
    failed(137, 'SIGKILL', 'the tool was ended by SIGKILL'),
  ],
  [
    'the size of a file',
    { fileBytes: 4096 },
    script('head -c 9000 /dev/zero >big'),
    failed(153, 'SIGXFSZ', 'the tool was ended by SIGXFSZ: a file of its outgrew the limit'),
  ],
  [
    'the size of its own output',
    { fileBytes: 4096 },
    script('exec head -c 9000 /dev/zero'),
    {
      ...failed(153, 'SIGXFSZ', 'the tool was ended by SIGXFSZ: a file of its outgrew the limit'),
      stdout: '\0'.repeat(4096),
    },
  ],
  [
    'memory',
    { memoryBytes: 64 * 1024 * 1024 },
    perl('$n = 1 << 30; $x = "x" x $n'),
    { stderr: expect.stringContaining('Out of memory'), end: { status: 'failed', exit_code: 1 } },
  ],
  [
    'open files',
    { openFiles: 32 },
    perl('for (;;) { open(my $f, "<", "/dev/null") or die "$!\n"; push @f, $f }'),
    { stderr: 'Too many open files\n', end: { status: 'failed', exit_code: 24 } },
  ],
  ['core dumps', {}, script('ulimit -c'), { stdout: '0\n', end: { status: 'completed' } }],
];

test.each(rows)(
  'runner.start limits %s',
  async (...[, limits, argv, expected]) => {
    expect(await outcome(rig.runner.start(limited(argv, limits)))).toMatchObject(expected);
  },
  SLOW,
);

/** Threads of this user, whom the limit counts all together. */
function threadsOfUser(): number {
  const uid = process.getuid?.() ?? 0;
  if (uid === 0) return 0;
  const threads = readdirSync('/proc').map((pid) => /^\d+$/.test(pid) && threadsOf(pid, uid));
  return threads.reduce<number>((sum, count) => sum + Number(count), 0);
}

function threadsOf(pid: string, uid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    return new RegExp(`^Uid:\\s+${uid}\\s`, 'm').test(status)
      ? Number(/^Threads:\s+(\d+)/m.exec(status)?.[1])
      : 0;
  } catch {
    return 0;
  }
}

const withProcesses = (argv: RunRequest['argv']): RunRequest =>
  limited(asUser(argv), { processes: threadsOfUser() + 80 });

test.each([
  ['in one group', 'fork while 1'],
  ['in groups of their own, deaf to SIGTERM', '$SIG{TERM} = "IGNORE"; for (;;) { setpgrp unless fork }'],
])(
  'run.cancel ends a tool that forks without end, %s',
  async (_what, text) => {
    const bomb = perl(`$| = 1; print "ready\\n"; ${text}`);
    const run = rig.impatientRunner().start(withProcesses(bomb));
    for await (const { bytes } of run.stdout.read()) {
      expect(bytes.toString()).toBe('ready\n');
      break;
    }
    await expect.poll(() => carriersOf(run.key).length).toBeGreaterThan(20);
    run.cancel('asked');
    expect(await run.ended).toMatchObject({ status: 'cancelled', error: null, survivors: [] });
    expect(carriersOf(run.key)).toEqual([]);
  },
  SLOW,
);

test(
  'runner.start limits processes',
  async () => {
    const count =
      'for (1..2000) { my $p = fork; if (!defined $p) { die "$!\n" } if (!$p) { sleep 60; exit } }';
    const run = rig.runner.start(withProcesses(perl(count)));
    const { stderr, end } = await outcome(run);
    expect(stderr).toBe('Resource temporarily unavailable\n');
    expect(end).toMatchObject({ status: 'failed', exit_code: 11, survivors: [] });
    expect(carriersOf(run.key)).toEqual([]);
  },
  SLOW,
);

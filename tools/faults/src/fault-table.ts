/** One kind of fault that the mesh has to bear, and what has it bear it. */
interface FaultRow {
  readonly says: string;
  /** Ids of faults, races and spoilings of this tool. */
  readonly here: readonly string[];
  /** Tests elsewhere that a real process is not needed for. */
  readonly elsewhere: readonly string[];
}

/** Every fault the mesh is built to bear, by what breaks. A test looks that each id and each file is there. */
export const FAULT_TABLE = {
  'router.killed': {
    says: 'the router is killed at every named point and at random, with approvals pending',
    here: ['router.kill', 'router.stop', 'router.crash-point', 'router.crash-governed', 'both.kill'],
    elsewhere: ['tools/e2e/src/scenario/crash.test.ts'],
  },
  'agent.killed': {
    says: 'the agent is killed before a spawn, during a run, after it and before the acknowledgement; the tool is killed too',
    here: ['agent.kill', 'agent.crash-point', 'agent.restart', 'tool.kill'],
    elsewhere: ['apps/agent/src/run/reattach.test.ts'],
  },
  'line.broken': {
    says: 'a line is partitioned, one-way, half-open, slow, reset, and cut at any byte of the protocol',
    here: [
      'line.partition',
      'line.partition-all',
      'line.one-way',
      'line.half-open',
      'line.slow',
      'line.reset',
      'line.cut',
    ],
    elsewhere: ['packages/mesh/src/testing/simulation.test.ts'],
  },
  'process.frozen': {
    says: 'agent or router stands still past the lease and goes on',
    here: ['router.freeze', 'agent.freeze'],
    elsewhere: [],
  },
  'message.twice': {
    says: 'every message comes twice, or late',
    here: ['hostile.twice'],
    elsewhere: ['packages/mesh/src/testing/simulation.test.ts'],
  },
  'peer.false': {
    says: 'frames name another agent, a hello is forged or old, a key is unknown, the ZAP handler is dead',
    here: ['hostile.meddle', 'hostile.forged-hello', 'hostile.replay', 'hostile.stranger'],
    elsewhere: [
      'packages/mesh/src/zeromq/zeromq-network.test.ts',
      'apps/agent/src/dispatch/order-desk.test.ts',
    ],
  },
  'name.taken': {
    says: 'a hundred agents share one key, two have one name, a deleted name is used again',
    here: ['hostile.race', 'hostile.names', 'hostile.heir'],
    elsewhere: ['tools/e2e/src/scenario/wire.test.ts'],
  },
  'clock.jumped': {
    says: 'the wall clock of router or agent jumps an hour ahead or back',
    here: ['clock.router-ahead', 'clock.router-behind', 'clock.agent-ahead', 'clock.agent-behind'],
    elsewhere: ['packages/runtime/src/clock.test.ts', 'apps/router/src/resume-clock.test.ts'],
  },
  'disk.broken': {
    says: 'a disk is full, read-only, or fails to write or sync',
    here: [
      'disk.router-full',
      'disk.router-read-only',
      'disk.router-fsync',
      'disk.router-write',
      'disk.router-no-space',
      'disk.router-slow',
      'disk.agent-full',
      'disk.agent-read-only',
      'disk.agent-fsync',
      'disk.agent-no-space',
    ],
    elsewhere: [],
  },
  'disk.spoilt': {
    says: 'bits of the database are flipped, its log is cut',
    here: ['spoil.bit', 'spoil.entry', 'spoil.log'],
    elsewhere: ['packages/store/src/sqlite/spoilt.test.ts'],
  },
  'input.monstrous': {
    says: 'output is huge, bodies are huge, deep or mean, MessagePack is garbled',
    here: ['hostile.huge-body', 'hostile.odd-bodies', 'hostile.garbage', 'hostile.oversize', 'hostile.noise'],
    elsewhere: ['tools/e2e/src/scenario/bytes.test.ts', 'packages/mesh/src/wire/scan.test.ts'],
  },
  'peer.deaf': {
    says: 'clients do not read their streams or do not end their requests, an agent does not read',
    here: ['hostile.deaf-streams', 'hostile.slow-requests', 'hostile.burst', 'agent.freeze'],
    elsewhere: ['packages/mesh/src/router/line.test.ts'],
  },
  'webhook.hanging': {
    says: 'targets of webhooks never answer, answer byte by byte, reset, pour without end, lead in circles',
    here: ['webhook.hanging'],
    elsewhere: ['apps/router/src/webhook/post.test.ts'],
  },
  'tool.wild': {
    says: 'tools ignore SIGTERM, fork twice, leave the session, eat what there is',
    here: [],
    elsewhere: ['apps/agent/src/run/runner-stop.test.ts'],
  },
  'decision.raced': {
    says: 'two decide at one moment, or one decides at the last',
    here: [
      'race.approve-approve',
      'race.approve-reject',
      'race.approve-cancel',
      'race.approve-expire',
      'race.link-approve',
      'race.glass-reject',
    ],
    elsewhere: ['tools/e2e/src/scenario/gate.test.ts'],
  },
} as const satisfies Record<string, FaultRow>;

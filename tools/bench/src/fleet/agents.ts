import { openAgentLink, type AgentLink, type RouterFrame } from '@xem/mesh';
import { agentIdentity, testHello } from '@xem/mesh/testing';
import {
  PROTOCOL_VERSION,
  sha256Hex,
  WorkOrder,
  type LeaseRenewalBody,
  type WelcomeBody,
} from '@xem/protocol';
import { silentLog, systemClock, systemIds, type Cancel } from '@xem/runtime';
import { z } from 'zod';

/** Which agents a child plays, and the router they know. */
export const AgentsTask = z.object({
  names: z.array(z.string()),
  endpoint: z.string(),
  routerCurveKey: z.string(),
  routerSigningKey: z.string(),
  manifestHash: z.string(),
});
export type AgentsTask = z.infer<typeof AgentsTask>;

const EMPTY = { bytes: 0, sha256: sha256Hex(''), truncated: false, masked: 0 };
const SLOTS = 4;

const clock = systemClock();
const ids = systemIds(clock);

interface Counts {
  open: number;
}

const v = { v: PROTOCOL_VERSION } as const;
const nothing: Cancel = () => undefined;

const keyIn = (order: Uint8Array): WorkOrder =>
  WorkOrder.parse(JSON.parse(Buffer.from(order).toString('utf8')));

/** Runs an order at once: it ends well and prints nothing. */
function obey(link: AgentLink, frame: RouterFrame): void {
  if (frame.kind !== 'dispatch') return;
  const { execution_id, attempt } = keyIn(frame.body.order);
  const key = { ...v, execution_id, attempt };
  link.send({ kind: 'accept', body: key });
  link.send({
    kind: 'result',
    body: {
      ...key,
      status: 'completed',
      ended_by: 'exit',
      exit_code: 0,
      signal: null,
      duration_ms: 0,
      error: null,
      stdout: EMPTY,
      stderr: EMPTY,
      survivors: [],
    },
  });
}

const renewalOf = (manifestHash: string): LeaseRenewalBody => ({
  ...v,
  manifest_version: 1,
  manifest_hash: manifestHash,
  in_flight: [],
  load: { slots: SLOTS, in_flight: 0 },
  sent_at: Math.floor(clock.monotonic()),
});

/** Renews at the interval the router asks for, each agent at a time of its own. */
function keepLease(
  link: AgentLink,
  { lease_renewal_interval_ms: everyMs }: WelcomeBody,
  hash: string,
): Cancel {
  let stop: Cancel = nothing;
  const renew = (): void => void link.send({ kind: 'lease_renewal', body: renewalOf(hash) });
  const shareOfInterval = ids.bytes(2).readUInt16BE() / 65_536;
  const wait = clock.after(shareOfInterval * everyMs, () => {
    renew();
    stop = clock.every(everyMs, renew);
  });
  return () => {
    wait();
    stop();
  };
}

function openAgent(task: AgentsTask, name: string, counts: Counts): void {
  const { agentId, curve, signer } = agentIdentity(name);
  let stop: Cancel = nothing;
  const link: AgentLink = openAgentLink({
    agentId,
    signer,
    curves: () => [curve],
    clock,
    ids,
    log: silentLog,
    endpoints: [task.endpoint],
    routerCurveKey: task.routerCurveKey,
    routerSigningKey: task.routerSigningKey,
    hello: () => ({
      ...testHello(),
      journal_id: sha256Hex(name).slice(0, 24),
      manifest_hash: task.manifestHash,
    }),
    onWelcome: (welcome) => {
      counts.open += 1;
      stop = keepLease(link, welcome, task.manifestHash);
    },
    onFrame: (frame) => obey(link, frame),
    onLost: ({ welcomed }) => {
      stop();
      if (welcomed) counts.open -= 1;
    },
    onRejected: ({ code }) => process.stderr.write(`${name} was refused: ${code}\n`),
  });
}

const TELL_MS = 10;

function play(task: AgentsTask): void {
  const counts: Counts = { open: 0 };
  let told = -1;
  for (const name of task.names) openAgent(task, name, counts);
  clock.every(TELL_MS, () => {
    if (counts.open === told) return;
    told = counts.open;
    process.send?.({ open: told });
  });
}

process.on('disconnect', () => process.exit(0));
process.once('message', (message) => play(AgentsTask.parse(message)));

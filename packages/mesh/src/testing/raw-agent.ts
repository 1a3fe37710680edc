import type { Frame } from '@xem/protocol';
import { encodeFrame, readFrame, readHead } from '../wire/frame-codec.ts';
import type { DownReason, MeshNetwork, Parts } from '../wire/transport.ts';
import type { AgentIdentity } from './agent-identity.ts';
import { createBell } from './bell.ts';

/** A client without manners: it sends what a test wants and keeps what it hears. */
export interface RawAgent {
  readonly heard: Frame[];
  readonly downs: DownReason[];
  readonly until: (holds: () => boolean) => Promise<void>;
  send(parts: Parts): Promise<boolean>;
  say(frame: Frame): Promise<boolean>;
  close(): void;
}

interface RawAgentOptions {
  readonly network: MeshNetwork;
  readonly endpoint: string;
  readonly router: AgentIdentity;
  readonly agent: Pick<AgentIdentity, 'curve'>;
  readonly socket?: 'data' | 'enrollment';
}

/** Connects a raw agent. */
export function openRawAgent(options: RawAgentOptions): RawAgent {
  const { network, endpoint, router, agent, socket = 'data' } = options;
  const bell = createBell();
  const heard: Frame[] = [];
  const downs: DownReason[] = [];
  const message = (parts: Parts): void => {
    const head = readHead(parts, { from: 'router', socket });
    const frame = 'drop' in head ? head : readFrame(head.value);
    if ('value' in frame) heard.push(frame.value);
    bell.ring();
  };
  const line = network.dial({
    endpoint,
    routerCurveKey: router.curve.publicKey,
    curve: agent.curve,
    events: { message, down: (reason) => (downs.push(reason), bell.ring()) },
  });
  return {
    heard,
    downs,
    until: bell.until,
    send: (parts) => line.send(parts),
    say: (frame) => line.send(encodeFrame(frame)),
    close: () => line.close(0),
  };
}

import type { AgentFrame, AgentLink } from '@xem/mesh';

/** The way to the router, as far as work needs it. */
export type Line = Pick<AgentLink, 'send' | 'writable'>;

/** That the session a frame was meant for is over; the next one starts again from what the router has. */
export class SessionOver extends Error {
  override readonly name = 'SessionOver';
}

/** Hands over a frame and waits while the line is full. @throws SessionOver */
export async function transmit(line: Line, frame: AgentFrame): Promise<void> {
  for (let outcome = line.send(frame); outcome !== 'sent'; outcome = line.send(frame)) {
    if (outcome === 'down' || !(await line.writable())) throw new SessionOver();
  }
}

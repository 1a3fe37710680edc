import { ROUTES } from '@xem/client';
import { INVOCATION_TERMINAL, type Invocation } from '@xem/protocol';
import type { CallToolResult } from '@modelcontextprotocol/server';
import { tell, toOutcome } from '../answer/outcome.ts';
import type { ToolCall } from '../tool/fixed-tool.ts';
import { findOut } from './find-out.ts';
import { awaitEnd, look } from './wait.ts';

const NO_SIGNAL = new AbortController().signal;

/** Takes a call back whose asker left: what waits in the queue, and what only reads. A write goes on to its end. */
async function takeBack({ caller }: ToolCall, id: string): Promise<void> {
  const { log } = caller.parts;
  try {
    const { status, risk } = await look({ caller, signal: NO_SIGNAL }, id, 0);
    if (INVOCATION_TERMINAL.has(status)) return;
    if (status !== 'queued' && (status !== 'running' || risk !== 'read')) return;
    await caller.client.call(ROUTES['invocation.cancel'], {
      id,
      reason: 'the MCP client took its request back',
    });
    log.info('invocation.taken_back', { invocationId: id });
  } catch (err) {
    log.warn('invocation.take_back_failed', { invocationId: id, err });
  }
}

/** Waits for a call that was just taken and tells what became of it; one that waits for a human is told at once. */
export async function carryOut(
  call: ToolCall,
  invocation: Invocation,
  seconds: number,
): Promise<CallToolResult> {
  try {
    call.signal.throwIfAborted();
    const ended = await awaitEnd(call, invocation, { seconds, throughGate: false });
    return tell(toOutcome(ended, await findOut(call, ended)), { failureIsError: true });
  } catch (error) {
    if (call.signal.aborted) call.caller.parts.farewells.add(takeBack(call, invocation.id));
    throw error;
  }
}

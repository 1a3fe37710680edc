import type { Invocation } from '@xem/protocol';

/** The longest a tool waits, in seconds: clients give up at 60. */
export const WAIT_SECONDS_MAX = 50;

const look = (id: string): string =>
  `call exec.get_invocation with {"id":"${id}","wait_seconds":${WAIT_SECONDS_MAX}}`;

/** What the model should do about a call now; null when there is nothing left to do. */
export function nextStep({ id, status, approval, output, execution_id: run }: Invocation): string | null {
  if (status === 'pending_approval' && approval)
    return (
      `Nothing runs until a human decides at ${approval.url} (until ${approval.expires_at}). ` +
      `You cannot decide it: give the link to the person you work for. To learn the outcome, ${look(id)}.`
    );
  if (status === 'queued' || status === 'running') return `It has not ended yet: ${look(id)}.`;
  if (output?.truncated === true)
    return `The output is cut here: read on with exec.get_output {"execution_id":"${run ?? ''}","offset":${Buffer.byteLength(output.text)}}.`;
  return null;
}

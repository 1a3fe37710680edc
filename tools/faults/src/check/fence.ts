import type { Evidence, Invariant, Violation } from '../evidence/evidence.ts';
import type { ExecutionRow, InvocationRow } from '../evidence/rows.ts';
import { groupBy, indexBy } from './index-by.ts';
import { ATTEMPT_ENDED } from './states.ts';

const broken = (says: string): Violation => ({ invariant: 'I3', says });

/** Attempts of a call are numbered, none twice, none beyond the call's own number. */
function numbered({ invocations, executions }: Evidence): readonly Violation[] {
  const calls = indexBy(invocations, ({ id }) => id);
  const groups = groupBy(executions, ({ invocation_id, attempt }) => `${invocation_id} ${attempt}`);
  const doubled = [...groups].flatMap(([name, rows]) =>
    rows.length === 1 ? [] : [broken(`the attempt ${name} is there ${rows.length} times`)],
  );
  const beyond = executions.filter(
    ({ invocation_id, attempt }) => attempt > (calls.get(invocation_id)?.attempt ?? 0),
  );
  return [...doubled, ...beyond.map(({ id }) => broken(`the execution ${id} is of an attempt there is not`))];
}

/** Why an outcome is not that of the attempt that holds the call; null when it is. */
function whyNot(call: InvocationRow, holder: ExecutionRow | undefined): string | null {
  if (!holder) return 'has a result and no attempt';
  if (holder.attempt !== call.attempt || holder.agent_id !== call.agent_id)
    return 'has a result of another attempt';
  if (holder.evidence !== 0) return 'has a result that came too late';
  const { result } = call;
  if (result?.exitCode !== holder.exit_code) return 'has another exit code than its attempt';
  return result.stdoutBytes === (holder.stdout?.bytes ?? 0) ? null : 'has another output than its attempt';
}

/** A result belongs to the attempt that the call is on. */
function held({ invocations, executions }: Evidence): readonly Violation[] {
  const attempts = indexBy(executions, ({ id }) => id);
  return invocations
    .filter(({ result }) => result !== null)
    .flatMap((call) => {
      const why = whyNot(call, attempts.get(call.execution_id ?? ''));
      return why === null ? [] : [broken(`${call.id} ${why}`)];
    });
}

/** An attempt that settled its call is the last one. */
function last({ invocations, executions }: Evidence): readonly Violation[] {
  const calls = indexBy(invocations, ({ id }) => id);
  return executions
    .filter(({ status }) => status === 'completed' || status === 'failed')
    .filter(({ id, invocation_id }) => calls.get(invocation_id)?.execution_id !== id)
    .map(({ id, status }) => broken(`the execution ${id} is ${status}, and its call went on without it`));
}

/** What an agent was acknowledged, the router has; and no two agents ran one attempt. */
function remembered({ agentMemories, executions }: Evidence): readonly Violation[] {
  const attempts = indexBy(executions, ({ id }) => id);
  return agentMemories.flatMap(({ agent_id, attempts: memory }) =>
    memory.flatMap(({ execution_id, attempt, state, is_acknowledged }) => {
      const row = attempts.get(execution_id);
      if (!row) return [broken(`${agent_id} ran ${execution_id}, which the router does not know`)];
      if (row.agent_id !== agent_id || row.attempt !== attempt)
        return [broken(`${agent_id} ran ${execution_id}.${attempt}, which was another’s`)];
      if (state !== 'ended' || is_acknowledged === 0 || ATTEMPT_ENDED.has(row.status)) return [];
      return [broken(`${agent_id} was acknowledged ${execution_id}, which is ${row.status}`)];
    }),
  );
}

/** I3: an outcome is written by the holder of the current attempt alone; what comes later is kept as evidence. */
export const fence: Invariant = (evidence) =>
  [numbered, held, last, remembered].flatMap((part) => part(evidence));

import { ExecError } from '@xem/errors';
import type { AgentRecord, JoinKeyRecord, WriteTx } from '@xem/store';

function assertMeant({ registrationName }: JoinKeyRecord, name: string): void {
  if (registrationName === null || registrationName === name) return;
  throw new ExecError('join_key_invalid', `the join key is for the name ${registrationName}, not ${name}`);
}

function assertFree(key: JoinKeyRecord, holders: readonly AgentRecord[], name: string): void {
  const present = holders.find(({ status }) => status !== 'offline');
  if (present)
    throw new ExecError(
      'agent_name_in_use',
      `${name} is the name of ${present.id}, which is ${present.status}`,
    );
  if (holders.length > 1)
    throw new ExecError(
      'agent_name_in_use',
      `${name} has two holders already; resolve that before a third comes`,
    );
  if (holders.length === 0 || key.registrationName === name) return;
  throw new ExecError(
    'agent_name_in_use',
    `${name} is taken; a key minted for that name may enrol a second holder`,
  );
}

/**
 * Which agents an enrolment under a name replaces: none, unless the key was minted to.
 * @throws ExecError agent_name_in_use, join_key_invalid for a key of another name
 */
export async function claimName(
  tx: WriteTx,
  key: JoinKeyRecord,
  name: string,
): Promise<readonly AgentRecord[]> {
  assertMeant(key, name);
  const holders = await tx.agents.holdersOf(key.projectId, name);
  if (key.replace) return holders;
  assertFree(key, holders, name);
  return [];
}

import { ROUTES, type Route } from '@xem/client';
import { prefixedForm, type Agent } from '@xem/protocol';
import { askYes, assertSomebody } from '../../ask-yes.ts';
import { renderDetails } from '../../render/detail.ts';
import { visible } from '../../render/escape.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { argument, flag, text } from '../flag.ts';

const args = { id: argument('AGENT-ID', 'The id of the agent', prefixedForm('agt')) };
const yes = flag('Do not ask');
const letters = { y: 'yes' } as const;

const describe = (agent: Agent): string =>
  renderDetails([
    ['Agent', visible(agent.registration_name)],
    ['Status', agent.status],
    ['Workspaces', agent.workspaces.map(({ name }) => visible(name)).join(', ') || '-'],
    ['Running', `${agent.capacity.in_flight}`],
  ]);

/** Shows the agent and asks whether it goes. @throws UsageError unless the answer is yes */
async function ask(session: Session, { id, question }: { id: string; question: string }): Promise<void> {
  const { io } = session;
  assertSomebody(io, '--yes does it without asking');
  const { data } = await session.call(ROUTES['agent.get'], { id });
  await io.stderr.write(describe(data));
  await askYes(io, question, 'nothing was changed');
}

interface PuttingOut<Id> {
  readonly route: Route<Id & ('agent.evict' | 'agent.ban' | 'agent.revoke_credentials')>;
  readonly about: string;
  readonly question: string;
  readonly next: string;
}

const puttingOut = <Id extends 'agent.evict' | 'agent.ban' | 'agent.revoke_credentials'>({
  route,
  about,
  question,
  next,
}: PuttingOut<Id>) =>
  command({
    about,
    args,
    flags: { reason: text('TEXT', 'Why; kept in the journal'), yes },
    letters,
    run: async (session, { flags, args: { id } }) => {
      if (!flags.yes) await ask(session, { id, question });
      const input = { id, reason: flags.reason };
      const { data } = await session.call<'agent.evict' | 'agent.ban' | 'agent.revoke_credentials'>(
        route,
        input,
      );
      await session.print.object(data, { first: ['id', 'registration_name', 'status'] });
      await session.print.hint(next);
    },
  });

export const evict = puttingOut({
  route: ROUTES['agent.evict'],
  about:
    'Its session ends at once, and it leaves all workspaces. Its host may come back as a new agent, with the keys it has and a new join key.',
  question: 'Evict it?',
  next: 'Mint a join key to let its host enrol again: xeroctl agents join-keys create',
});

export const ban = puttingOut({
  route: ROUTES['agent.ban'],
  about: 'Its session ends at once, and it leaves all workspaces. Its keys may never enrol again.',
  question: 'Ban it for good?',
  next: 'Revoke the join keys that its host may still have: xeroctl agents join-keys list',
});

export const revokeCredentials = puttingOut({
  route: ROUTES['agent.revoke_credentials'],
  about:
    'For keys that others may know. Its session ends at once, and it leaves all workspaces. Its host may come back as a new agent, with new keys and a new join key; the keys it has now may not.',
  question: 'Revoke its credentials?',
  next: 'Move its state folder away and enrol it with a new join key: xeroctl agents join-keys create',
});

export const remove = command({
  about:
    'Its session ends at once, and it leaves all workspaces. Its name is free; history keeps it under its id.',
  args,
  flags: { yes },
  letters,
  run: async (session, { flags, args: { id } }) => {
    if (!flags.yes) await ask(session, { id, question: 'Delete it?' });
    const { data } = await session.call(ROUTES['agent.delete'], { id });
    await session.print.object(data);
  },
});

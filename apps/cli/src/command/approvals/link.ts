import { ROUTES } from '@xem/client';
import { prefixedForm, UUID_FORM, type ApprovalLink } from '@xem/protocol';
import { UsageError } from '../../exit.ts';
import type { Column } from '../../render/table.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { argument, duration, required } from '../flag.ts';
import { PAGING } from '../globals.ts';

const PRINCIPAL = prefixedForm('prn').pattern;
const PAGE_MAX = 100;

const COLUMNS: readonly Column<ApprovalLink>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'Status', of: ({ status }) => status },
  { title: 'Reviewer', of: ({ reviewer }) => reviewer.name },
  { title: 'Made by', of: (row) => row.created_by.name },
  { title: 'Created', of: (row) => row.created_at },
  { title: 'Expires', of: (row) => row.expires_at, wide: true },
];

/** The id of the one human of a name. @throws UsageError when there is none, or more than one */
async function humanOf(session: Session, name: string): Promise<string> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const { data: page } = await session.call(ROUTES['principal.list'], { limit: PAGE_MAX, after });
    ids.push(...page.data.filter((one) => one.kind === 'human' && one.name === name).map(({ id }) => id));
    after = page.next_cursor ?? undefined;
  } while (after !== undefined);
  const [found, ...others] = ids;
  if (found !== undefined && others.length === 0) return found;
  const says = found === undefined ? 'no human has that name' : 'more than one human has that name';
  throw new UsageError(`${says}; give --reviewer an id, as xeroctl principals list shows it`);
}

export const link = command({
  about:
    'Whoever opens the link gives one vote: it uses up that of the reviewer and your own. The address is shown once; send it to nobody else.',
  flags: {
    reviewer: required('ID|NAME', 'Who is to decide; by name if your key may list principals'),
    expiresIn: duration('How long it is good for; as long as the approval unless said'),
  },
  args: { id: argument('APPROVAL-ID', 'The id of the approval', UUID_FORM) },
  run: async (session, { flags, args }) => {
    const reviewer = PRINCIPAL.test(flags.reviewer) ? flags.reviewer : await humanOf(session, flags.reviewer);
    const { data } = await session.call(ROUTES['approval.link'], {
      id: args.id,
      reviewer,
      expires_in_seconds: flags.expiresIn === undefined ? undefined : Math.ceil(flags.expiresIn / 1000),
    });
    await session.print.object(data, { first: ['id', 'url', 'reviewer', 'expires_at'] });
    await session.print.hint('Send the address now: it is not shown again.');
  },
});

export const links = command({
  flags: PAGING,
  args: { id: argument('APPROVAL-ID', 'The id of the approval', UUID_FORM) },
  run: async (session, { args }) => {
    const page = await session.list(async (request) => {
      const { data } = await session.call(ROUTES['approval.links'], { ...request, id: args.id });
      return data;
    });
    await session.print.list(page, COLUMNS);
  },
});

import { ExecError } from '@xem/errors';
import { hashJson, type Page, type ProjectId } from '@xem/protocol';
import type { Position, Slice } from '@xem/store';
import { z } from 'zod';

const CURSOR_MARK_DIGITS = 16;

/** What a cursor is bound to: a project, a route, and its filters. */
export interface ListScope {
  readonly projectId: ProjectId;
  readonly route: string;
  readonly filter: Readonly<Record<string, unknown>>;
}

const Cursor = z.tuple([z.string(), z.number(), z.string()]);

const markOf = ({ projectId, route, filter }: ListScope): string => {
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  return hashJson([projectId, route, given]).slice(0, CURSOR_MARK_DIGITS);
};

const encode = (mark: string, { createdAt, id }: Position): string =>
  Buffer.from(JSON.stringify([mark, createdAt, id])).toString('base64url');

function decode(mark: string, text: string): Position {
  const refusal = new ExecError('invalid_body', 'after is not a cursor of this list', { param: 'after' });
  try {
    const [bound, createdAt, id] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (bound === mark) return { createdAt, id };
  } catch {
    throw refusal;
  }
  throw refusal;
}

interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

interface PageSource<Row, Item> {
  /** Reads rows after a position; it is asked for one more than the page holds. */
  rows(slice: Slice): Promise<readonly Row[]>;
  position(row: NoInfer<Row>): Position;
  present(row: NoInfer<Row>): Item;
}

/** Reads one page of a list, newest first. @throws ExecError invalid_body for a cursor of another list */
export async function readPage<Row, Item>(
  scope: ListScope,
  { limit, after }: PageRequest,
  source: PageSource<Row, Item>,
): Promise<Page<Item>> {
  const mark = markOf(scope);
  const slice = { limit: limit + 1, after: after === undefined ? undefined : decode(mark, after) };
  const rows = await source.rows(slice);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    object: 'list',
    data: shown.map((row) => source.present(row)),
    has_more: more,
    next_cursor: more ? encode(mark, source.position(last)) : null,
  };
}

/** The position of rows that carry their own time and id. */
export const positionOf = ({ createdAt, id }: Position): Position => ({ createdAt, id });

import type { ProjectId } from '@xem/protocol';
import type { JournalReader } from '@xem/store';

interface Span {
  /** The answer when every entry behind it is too young. */
  readonly from: number;
  readonly to: number;
  /** Milliseconds since 1970. */
  readonly before: number;
}

/** The last entry within a span that was written before a time, found by halves: times rise with numbers. */
export async function lastBefore(
  journal: JournalReader,
  projectId: ProjectId,
  { from, to, before }: Span,
): Promise<number> {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const [entry] = await journal.after(projectId, middle - 1, 1);
    if (entry?.seq === middle && Date.parse(entry.at) < before) low = middle;
    else high = middle - 1;
  }
  return low;
}

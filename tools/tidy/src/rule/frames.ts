import { FRAMES, type FrameRow } from '@xem/protocol';
import { isQuoted, textOf } from '../mention.ts';
import { isSource, type Finding, type Rule, type Tree } from '../tree.ts';
import { namesIn } from '../waiting-list.ts';

/** Frames whose part of the product is still to be built. It only shrinks. */
const UNHANDLED = 'tools/tidy/unhandled-frames.json';

const CORPUS = 'packages/protocol/corpus/v1';

const handlerOf = (kind: string): RegExp => new RegExp(`(?:^|/)on-${kind.replaceAll('_', '-')}\\.ts$`);

/** The other end reads a frame. */
const readerOf = (from: 'agent' | 'router'): RegExp =>
  from === 'agent' ? /^(?:apps\/router|packages\/mesh)\// : /^(?:apps\/agent|packages\/mesh)\//;

const isHandled = (tree: Tree, kind: string, from: 'agent' | 'router'): boolean => {
  const reads = (path: string): boolean => isSource(path) && readerOf(from).test(path);
  const text = textOf(tree, reads);
  return (
    tree.paths.some((path) => reads(path) && handlerOf(kind).test(path)) ||
    isQuoted(text, kind) ||
    new RegExp(`^\\s+${kind}:|^\\s+${kind}\\(`, 'm').test(text)
  );
};

function findIn(tree: Tree, kind: string, row: FrameRow): readonly Finding[] {
  const unhandled = row.from
    .filter((from) => !isHandled(tree, kind, from))
    .map((from): Finding => ({ where: kind, what: `is a frame from the ${from} that nobody handles` }));
  const recorded = tree.paths.some((path) => path.startsWith(`${CORPUS}/frame/${kind}.`));
  return recorded
    ? unhandled
    : [...unhandled, { where: kind, what: `is a frame without a record in ${CORPUS}/frame` }];
}

/** Every kind of frame has a handler at its other end and a recorded example. */
export const frames: Rule = (tree) => {
  const waiting = namesIn(tree, UNHANDLED);
  return Object.entries(FRAMES)
    .filter(([kind]) => !waiting.includes(kind))
    .flatMap(([kind, row]) => findIn(tree, kind, row));
};

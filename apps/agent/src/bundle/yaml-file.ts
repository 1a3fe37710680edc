import { isCollection, isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { BundleProblem } from './bundle-error.ts';

type Path = readonly PropertyKey[];

/** A problem of a field; `at` leads to it from the top of the file. */
export interface FieldProblem {
  readonly at: Path;
  readonly message: string;
}

/** What a YAML file said, or what is wrong with it. */
export type YamlResult<T> =
  | { readonly ok: true; readonly value: T; locate(problem: FieldProblem): BundleProblem }
  | { readonly ok: false; readonly problems: readonly BundleProblem[] };

/** A path as people write it: `tools[2].command.run[1]`. */
function fieldName(at: Path): string {
  const parts = at.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
  return parts.join('').replace(/^\./, '');
}

/** The offset of a field: of its key in a map, of itself in a list. */
function offsetOf(document: Document, at: Path): number | null {
  const parent: unknown = at.length === 0 ? null : document.getIn(at.slice(0, -1), true);
  const last = at.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    if (pair && isNode(pair.key)) return pair.key.range?.[0] ?? null;
  }
  const node: unknown = document.getIn(at, true);
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

/** The line of a field, or of the nearest one around it when it is not there. */
function lineOf(document: Document, lines: LineCounter, at: Path): number | null {
  for (let depth = at.length; depth >= 0; depth--) {
    const offset = offsetOf(document, at.slice(0, depth));
    if (offset !== null) return lines.linePos(offset).line;
  }
  return null;
}

/** The path of an issue; an unknown key is pointed at itself, not at what holds it. */
function pathOf(issue: z.core.$ZodIssue): Path {
  return issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
}

/** Reads YAML and checks it; every problem comes with its line. */
export function parseYaml<T>(file: string, text: string, schema: z.ZodType<T>): YamlResult<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0 || !isCollection(document.contents)) {
    const problems = document.errors.map(({ pos, message }) => {
      const { line } = lines.linePos(pos[0]);
      return { file, line, field: '', message };
    });
    const none = [{ file, line: 1, field: '', message: 'must be a map' }];
    return { ok: false, problems: problems.length > 0 ? problems : none };
  }
  const locate = ({ at, message }: FieldProblem): BundleProblem => ({
    file,
    line: lineOf(document, lines, at),
    field: fieldName(at),
    message,
  });
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { ok: true, value: parsed.data, locate };
  const problems = parsed.error.issues.map((issue) => locate({ at: pathOf(issue), message: issue.message }));
  return { ok: false, problems };
}

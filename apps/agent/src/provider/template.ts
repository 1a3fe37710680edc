import { ExecError } from '@xem/errors';
import type { TemplateElement } from '../bundle/bundle-file.ts';
import type { Args } from '../bundle/parameters.ts';

/** Words of the agent itself that may stand anywhere in a template: `{node}`, `{bundle}`, `{files}`. */
export type TemplateWords = Readonly<Record<string, string>>;

interface TemplateRules {
  readonly words: TemplateWords;
  /** Arguments that the tool's schema declares. */
  readonly declared: ReadonlySet<string>;
  /** Those of them that every call has, by `required` or by a default. */
  readonly sure: ReadonlySet<string>;
  /** Arguments whose values may begin with `-`. */
  readonly dashArgs: ReadonlySet<string>;
}

/** Something wrong with an element of a template; `at` leads to it from the top of the template. */
export interface TemplateFault {
  readonly at: readonly (number | string)[];
  readonly message: string;
}

/** Builds the argv of a call. @throws agent_refused */
export type Template = (args: Args) => string[];

/** Gives the words of one element. */
type Part = (args: Args) => string[];

const WHOLE = /^\{([A-Za-z_][A-Za-z0-9_]*)\}$/;
const PLACEHOLDER = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Puts the agent's words in their places; other braces stay. */
export const fillWords = (text: string, words: TemplateWords): string =>
  text.replaceAll(PLACEHOLDER, (placeholder, name: string) => words[name] ?? placeholder);

const refuse = (name: string, why: string): never => {
  throw new ExecError('agent_refused', `argument "${name}" ${why}`, { param: `/args/${name}` });
};

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** The words a value becomes: itself, or one each for a list. */
function wordsOf(name: string, value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.every(isScalar) ? items.map(String) : refuse(name, 'is nothing that a program can be given');
}

function checked(name: string, word: string, mayDash: boolean): string {
  if (word.startsWith('-') && !mayDash)
    return refuse(name, 'begins with "-", which this tool does not allow');
  return word.includes('\0') ? refuse(name, 'holds a NUL character') : word;
}

function valuePart(name: string, rules: TemplateRules): Part {
  const mayDash = rules.dashArgs.has(name);
  return (args) => {
    if (!Object.hasOwn(args, name)) return refuse(name, 'is missing');
    return wordsOf(name, args[name]).map((word) => checked(name, word, mayDash));
  };
}

/** A literal with the agent's words in it, or the value of an argument as a whole. */
function stringPart(element: string, rules: TemplateRules, given: ReadonlySet<string>): Part | string {
  const [, whole] = WHOLE.exec(element) ?? [];
  if (whole !== undefined && !Object.hasOwn(rules.words, whole)) {
    if (!rules.declared.has(whole)) return `{${whole}} is no argument that \`parameters\` declares`;
    if (!given.has(whole))
      return `{${whole}} may be absent: require it, give it a default or say {when: ${whole}, …}`;
    return valuePart(whole, rules);
  }
  const inside = [...element.matchAll(PLACEHOLDER)].find(([, name = '']) => rules.declared.has(name));
  if (inside && Object.hasOwn(rules.words, inside[1] ?? ''))
    return `${inside[0]} is a word of the agent: give the argument another name`;
  if (inside) return `${inside[0]} must be an element of its own: values are whole arguments`;
  const literal = fillWords(element, rules.words);
  return () => [literal];
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

type Located = { readonly part: Part } | { readonly fault: TemplateFault };

const locate = (part: Part | string, at: TemplateFault['at']): Located =>
  typeof part === 'string' ? { fault: { at, message: part } } : { part };

function compileElement(element: TemplateElement, index: number, rules: TemplateRules): Located[] {
  if (typeof element === 'string') return [locate(stringPart(element, rules, rules.sure), [index])];
  const [word, name] = 'when' in element ? ['when', element.when] : ['unless', element.unless];
  if (!rules.declared.has(name))
    return [locate(`${name} is no argument that \`parameters\` declares`, [index, word])];
  const isWanted = word === 'when';
  const given = isWanted ? new Set([...rules.sure, name]) : rules.sure;
  return element.args.map((text, place) => {
    const part = stringPart(text, rules, given);
    const guarded =
      typeof part === 'string' ? part : (args: Args) => (isGiven(args[name]) === isWanted ? part(args) : []);
    return locate(guarded, [index, 'args', place]);
  });
}

/** Compiles an argv template, or tells everything that is wrong with it. */
export function compileTemplate(
  elements: readonly TemplateElement[],
  rules: TemplateRules,
): Template | TemplateFault[] {
  const parts = elements.flatMap((element, index) => compileElement(element, index, rules));
  const faults = parts.flatMap((located) => ('fault' in located ? [located.fault] : []));
  if (faults.length > 0) return faults;
  return (args) => parts.flatMap((located) => ('part' in located ? located.part(args) : []));
}

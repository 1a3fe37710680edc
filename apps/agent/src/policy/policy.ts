import { canonicalJson } from '@xem/protocol';
import { RE2JS } from 're2js';
import type { FieldProblem } from '../bundle/yaml-file.ts';
import { compileHours } from './hours.ts';
import type { PolicyFile, PolicyRule } from './policy-file.ts';

/** A call as the host's policy sees it; its arguments have the defaults of the tool's schema. */
interface PolicyCall {
  readonly tool: string;
  readonly workspaceId: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The last word of the host over what runs on it. */
export interface HostPolicy {
  /** Why a call may not run, with the name of the rule; null when it may. `now` is wall time in milliseconds. */
  refusal(call: PolicyCall, now: number): string | null;
  /** Whether any call of a tool may ever run. */
  allowsEver(tool: string): boolean;
  /** The rules that name tools, none of which is among these. */
  idleRules(tools: readonly string[]): readonly string[];
}

interface CompiledRule {
  readonly name: string;
  readonly effect: PolicyRule['effect'];
  /** It decides over every call of its tools. */
  readonly isSweeping: boolean;
  readonly isFor: (tool: string) => boolean;
  fits(call: PolicyCall, now: number): boolean;
}

type Values = readonly string[];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const unescape = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function valueAt(args: Readonly<Record<string, unknown>>, place: string): unknown {
  const steps = place.startsWith('/') ? place.slice(1).split('/').map(unescape) : [place];
  let value: unknown = args;
  for (const step of steps) value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : canonicalJson(value));

/** What is there, as texts; each element of a list for itself. */
function valuesAt(args: Readonly<Record<string, unknown>>, place: string): Values {
  const value = valueAt(args, place);
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

const globOf = (glob: string): RE2JS => {
  const parts = glob.split(/([*?])/).map((part) => {
    if (part === '*') return '.*';
    return part === '?' ? '.' : RE2JS.quote(part);
  });
  return RE2JS.compile(`^(?:${parts.join('')})$`);
};

/** The time a pattern takes grows only with the length of the text: no arguments can stall the agent. */
function compilePattern(pattern: string): RE2JS | string {
  try {
    return RE2JS.compile(pattern);
  } catch (err) {
    return err instanceof Error ? err.message : 'is no pattern';
  }
}

type Judge = (args: PolicyCall['args']) => boolean;

/** To forbid it is enough that one element of a list fits; to allow, all of them must. */
function compileArgs({ effect, args = {} }: PolicyRule, report: (place: string, why: string) => void): Judge {
  const patterns = Object.entries(args).flatMap(([place, pattern]): readonly [string, RE2JS][] => {
    const compiled = compilePattern(pattern);
    if (typeof compiled !== 'string') return [[place, compiled]];
    report(place, compiled);
    return [];
  });
  const holds = (values: Values, pattern: RE2JS): boolean =>
    effect === 'deny'
      ? values.some((value) => pattern.test(value))
      : values.length > 0 && values.every((value) => pattern.test(value));
  return (given) => patterns.every(([place, pattern]) => holds(valuesAt(given, place), pattern));
}

function compileRule(rule: PolicyRule, report: (place: string, why: string) => void): CompiledRule {
  const { name, effect, tools, workspaces, args = {}, hours } = rule;
  const globs = tools?.map(globOf);
  const isFor = (tool: string): boolean => globs === undefined || globs.some((glob) => glob.test(tool));
  const places = workspaces && new Set<string>(workspaces);
  const argsFit = compileArgs(rule, report);
  const isOpen = hours ? compileHours(hours) : () => true;
  return {
    name,
    effect,
    isSweeping: workspaces === undefined && hours === undefined && Object.keys(args).length === 0,
    isFor,
    fits: (call, now) =>
      isFor(call.tool) && (places?.has(call.workspaceId) ?? true) && argsFit(call.args) && isOpen(now),
  };
}

/** A host without a policy lets everything run. */
export const NO_POLICY: HostPolicy = {
  refusal: () => null,
  allowsEver: () => true,
  idleRules: () => [],
};

/** Makes a policy of what its file says; patterns that are none are reported. */
export function compilePolicy(file: PolicyFile, report: (problem: FieldProblem) => void): HostPolicy {
  const rules = file.rules.map((rule, index) =>
    compileRule(rule, (place, message) => report({ at: ['rules', index, 'args', place], message })),
  );
  return {
    refusal: (call, now) => {
      const rule = rules.find((one) => one.fits(call, now));
      if ((rule?.effect ?? file.default) === 'allow') return null;
      return rule
        ? `rule ${rule.name} of the host’s policy denies it`
        : 'no rule of the host’s policy allows it';
    },
    allowsEver: (tool) => {
      const first = rules.find(
        ({ effect, isSweeping, isFor }) => isFor(tool) && (effect === 'allow' || isSweeping),
      );
      return (first?.effect ?? file.default) === 'allow';
    },
    idleRules: (tools) =>
      rules.filter(({ isFor }) => !tools.some((tool) => isFor(tool))).map(({ name }) => name),
  };
}

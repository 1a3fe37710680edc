import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ToolParameters } from '@xem/protocol';
import { createTimeBound } from './time-bound.ts';

/** What is wrong with some arguments: a JSON pointer into them, and a sentence. */
export interface ArgsFault {
  readonly pointer: string;
  readonly message: string;
}

/** Tells the first fault of some arguments, or null. */
export type ArgsCheck = (args: Readonly<Record<string, unknown>>) => ArgsFault | null;

const createAjv = (): Ajv2020 => new Ajv2020({ strict: true, allErrors: false, validateFormats: false });

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Points at the member itself where the schema speaks of a property of the object that holds it. */
function pointerOf({ instancePath, params }: ErrorObject): string {
  const member: unknown =
    params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'];
  return typeof member === 'string' ? `${instancePath}/${escapePointer(member)}` : instancePath;
}

function faultOf(validate: ValidateFunction): ArgsFault {
  const error = validate.errors?.[0];
  if (!error) return { pointer: '', message: 'does not match the schema of the tool' };
  const choices: unknown = error.params['allowedValues'];
  const hint = Array.isArray(choices) ? `: ${choices.join(', ')}` : '';
  return { pointer: pointerOf(error), message: `${error.message ?? 'does not match the schema'}${hint}` };
}

/** Keywords that can keep the processor far longer than the arguments are long: by backtracking, by pairs, by recursion. */
const COSTLY = /"(?:pattern|patternProperties|uniqueItems|\$ref|\$dynamicRef)":/;

/** A check that takes longer fails: it would hold up every other caller of the router. */
const CHECK_MS_MAX = 50;

const TOO_COSTLY: ArgsFault = { pointer: '', message: `take more than ${CHECK_MS_MAX} ms to check` };

/** Compiles the check of a tool's arguments. @throws Error when the schema is no valid strict JSON Schema 2020-12 */
export type CompileArgsCheck = (parameters: ToolParameters) => ArgsCheck;

/**
 * A compiler whose schemas know nothing of each other: two tools may give theirs the same `$id`. It is made anew
 * after a schema that does not compile, since that one may stay registered.
 */
export function createArgsCompiler(): CompileArgsCheck {
  let ajv = createAjv();
  const bounded = createTimeBound(CHECK_MS_MAX);
  /** A schema that refers to itself without an end overflows the stack before the time is over. */
  const boundedly = (check: () => boolean): boolean | null => {
    try {
      return bounded(check);
    } catch (err) {
      if (err instanceof RangeError) return null;
      throw err;
    }
  };
  const compile = (parameters: ToolParameters): ValidateFunction => {
    try {
      return ajv.compile(parameters);
    } catch (err) {
      ajv = createAjv();
      throw err;
    }
  };
  return (parameters) => {
    const validate = compile(parameters);
    ajv.removeSchema(parameters);
    const judge = (isRight: boolean | null): ArgsFault | null => {
      if (isRight === null) return TOO_COSTLY;
      return isRight ? null : faultOf(validate);
    };
    if (!COSTLY.test(JSON.stringify(parameters))) return (args) => judge(validate(args));
    return (args) => judge(boundedly(() => validate(args)));
  };
}

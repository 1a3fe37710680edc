import { canonicalJson } from '@xem/protocol';
import type { HttpSpec } from '../../bundle/bundle-file.ts';
import type { TemplateFault } from '../template.ts';
import { faultOf, fillText, parseText, type CallValues, type TextRules } from './text.ts';

/** Builds the body of a call; null when it has none. @throws agent_refused */
export type BodyTemplate = (values: CallValues) => string | null;

/** A part of a JSON document; undefined where it is left out. */
type Part = (values: CallValues) => unknown;

type Json = NonNullable<Exclude<HttpSpec['body'], 'args'>>['json'];

interface Place {
  readonly at: TemplateFault['at'];
  readonly rules: TextRules;
  readonly faults: TemplateFault[];
}

const below = (place: Place, step: number | string): Place => ({ ...place, at: [...place.at, step] });

/** A value stays what it is when it is the whole of a string; within a longer one it is text. */
function textPart(text: string, { at, rules, faults }: Place): Part {
  const parsed = parseText(text);
  const message = parsed.hasCredential ? 'credentials belong into headers' : faultOf(parsed, rules, true);
  if (message) faults.push({ at, message });
  const { whole } = parsed;
  if (whole === null) return (values) => fillText(parsed, values, (word) => word);
  return ({ args }) => (Object.hasOwn(args, whole) ? args[whole] : undefined);
}

function partOf(json: Json, place: Place): Part {
  if (typeof json === 'string') return textPart(json, place);
  if (typeof json !== 'object' || json === null) return () => json;
  if (Array.isArray(json)) {
    const items = json.map((item, index) => partOf(item, below(place, index)));
    return (values) => items.map((item) => item(values)).filter((item) => item !== undefined);
  }
  const members = Object.entries(json).map(([name, value]) => ({
    name,
    part: partOf(value, below(place, name)),
  }));
  return (values) => Object.fromEntries(members.map(({ name, part }) => [name, part(values)]));
}

/** Compiles the body of a tool's requests, or tells what is wrong. */
export function compileBody(body: HttpSpec['body'], rules: TextRules): BodyTemplate | TemplateFault[] {
  if (body === undefined) return () => null;
  if (body === 'args') return ({ args }) => canonicalJson(args);
  const faults: TemplateFault[] = [];
  const part = partOf(body.json, { at: ['body', 'json'], rules, faults });
  return faults.length > 0 ? faults : (values) => JSON.stringify(part(values));
}

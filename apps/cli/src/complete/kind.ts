/** Kinds of values that a shell can complete. */
const KINDS = [
  'tool',
  'workspace',
  'agent',
  'invocation',
  'execution',
  'approval',
  'join-key',
  'key',
  'principal',
  'policy',
  'webhook',
] as const;
export type Kind = (typeof KINDS)[number];

const isKind = (word: string): word is Kind => KINDS.some((kind) => kind === word);

/** Flags that are not called by the kind of their value. */
const BY_NAME: Readonly<Record<string, Kind>> = { requester: 'principal' };

/** The kind of value a parameter takes, by its placeholder (`AGENT-ID`) or by its flag; null when none is known. */
export function kindOf(name: string, placeholder: unknown): Kind | null {
  const [, noun] = typeof placeholder === 'string' ? (/^([A-Z-]+)-(?:ID|NAME)$/.exec(placeholder) ?? []) : [];
  const word = noun?.toLowerCase() ?? BY_NAME[name] ?? name;
  return isKind(word) ? word : null;
}

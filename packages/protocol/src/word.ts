/** In rising order; by default the last two wait for a human. */
export const RISKS = ['read', 'write', 'destructive', 'irreversible'] as const;

/** Those who act: people, and programs. */
export const PRINCIPAL_KINDS = ['human', 'service'] as const;

/** What a key may be used for. */
export const SCOPES = ['execution', 'inference', 'management', 'break_glass'] as const;

/** Where a request came in. Information only: no rule may grant anything because of it. */
export const SURFACES = ['rest', 'cli', 'mcp', 'chat', 'console', 'rerun'] as const;

/** The two streams of a run; they have no common order. */
export const OUTPUT_STREAMS = ['stdout', 'stderr'] as const;

/** The policies that come with the mesh, the laxest first. */
export const POLICY_PRESET_NAMES = ['standard', 'elevated', 'restricted'] as const;

import { z } from 'zod';

const At = { project: z.string(), at: z.number() };

/** What a client was told, and may hold the mesh to. */
export const LedgerLine = z.discriminatedUnion('kind', [
  /** A call was taken: 200, 201 or 202. */
  z.object({
    kind: z.literal('created'),
    ...At,
    invocation_id: z.string(),
    tool: z.string(),
    args_sha256: z.string(),
    idempotency_key: z.string().nullable(),
  }),
  /** The state of a call, as an answer told it. */
  z.object({ kind: z.literal('saw'), ...At, invocation_id: z.string(), status: z.string() }),
  /** A decision was taken, and what became of its approval by it. */
  z.object({ kind: z.literal('decided'), ...At, approval_id: z.string(), status: z.string() }),
  /** Raw bytes that were read. */
  z.object({
    kind: z.literal('read'),
    ...At,
    execution_id: z.string(),
    stream: z.string(),
    bytes: z.number(),
    sha256: z.string(),
  }),
  /** Ids that a list or a stream gave to somebody of the project. */
  z.object({ kind: z.literal('shown'), ...At, ids: z.array(z.string()) }),
  /** Somebody asked for what another project has. */
  z.object({ kind: z.literal('trespassed'), ...At, path: z.string(), http: z.number() }),
  /** The head of the project's chain, kept elsewhere. */
  z.object({ kind: z.literal('head'), ...At, seq: z.number(), hash: z.string() }),
  /** A fault was healed: until new work was done it took so long; null when it never was. */
  z.object({ kind: z.literal('healed'), ...At, fault: z.string(), took_ms: z.number().nullable() }),
]);
export type LedgerLine = z.infer<typeof LedgerLine>;

/** The lines of one kind. */
export const linesOf = <Kind extends LedgerLine['kind']>(
  ledger: readonly LedgerLine[],
  kind: Kind,
): readonly Extract<LedgerLine, { kind: Kind }>[] =>
  ledger.filter((line): line is Extract<LedgerLine, { kind: Kind }> => line.kind === kind);

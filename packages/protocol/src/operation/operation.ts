import type { ErrorCode } from '@xem/errors';
import type { z } from 'zod';
import type { Scope } from '../entity/principal.ts';

/** What a caller must hold: a scope, any scope at all, or nothing. */
export type RequiredScope = Scope | 'any' | 'none';

/** An operation as it is written down. */
export interface OperationRow<Input extends z.ZodObject, Output extends z.ZodType> {
  /** `noun.verb`, the name in the client, the CLI and MCP. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1`, parameters as `:name`; they are members of the input. */
  readonly path: string;
  readonly scope: RequiredScope;
  readonly summary: string;
  /** `json` is one object, `stream` server-sent events, `blob` exact bytes. */
  readonly answers: 'json' | 'stream' | 'blob';
  /** The media type of the answer, where its kind has another one. */
  readonly media?: 'application/x-ndjson';
  /** The status of success, 200 unless said. */
  readonly status?: 200 | 201;
  /** Path, query and body together: members not in the path come from the query (GET, DELETE) or the body. */
  readonly input: Input;
  /** How many members the objects of its body may have together; 2,500 unless said. */
  readonly membersMax?: number;
  /** Request headers the operation honours beside the ones every request may carry. */
  readonly headers?: readonly ('Idempotency-Key' | 'Prefer' | 'Range' | 'Last-Event-ID')[];
  readonly output: Output;
  /** What the events of a stream carry, by name; those of other names are journal entries. */
  readonly events?: Readonly<Record<string, z.ZodType>>;
  /** Codes beyond those that any request may answer. */
  readonly errors: readonly ErrorCode[];
}

export type Operation<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
> = OperationRow<Input, Output>;

/** What a caller sends. */
export type InputOf<Op extends Operation> = z.input<Op['input']>;

/** What a verb gets: defaults filled in, ids branded. */
export type ParsedInputOf<Op extends Operation> = z.output<Op['input']>;

/** What an operation answers. */
export type OutputOf<Op extends Operation> = z.output<Op['output']>;

/** Declares an operation: routes, client methods, verbs of the CLI, MCP tools and reference pages are read from it. */
export const operation = <Input extends z.ZodObject, Output extends z.ZodType, const Id extends string>(
  row: OperationRow<Input, Output> & { readonly id: Id },
): OperationRow<Input, Output> & { readonly id: Id } => row;

/** The names of the parameters in an operation's path. */
export const pathParameters = (path: string): readonly string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);

import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { Outcome } from './outcome.ts';
import { Refusal } from './refusal.ts';

type InputSchema = Tool['inputSchema'];
type OutputSchema = NonNullable<Tool['outputSchema']>;

/** JSON Schema of what travels: members that are not named may come, as in every answer of the API. */
function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}

/** What a client must send. */
export const inputSchemaOf = (schema: z.ZodObject): InputSchema => ({
  ...jsonSchema(schema),
  type: 'object',
});

/** What `structuredContent` holds, be the call answered or refused: old clients check the one as the other. */
export const outputSchemaOf = (schema: z.ZodType): OutputSchema => ({
  ...jsonSchema(z.union([schema, Refusal])),
  type: 'object',
});

/** The schema of every call of a tool of the mesh. */
export const OUTCOME_SCHEMA: OutputSchema = outputSchemaOf(Outcome);

import { ToolDefinition, toolDigest, type Risk } from '@xem/protocol';
import type { OwnTool } from '@xem/agent/testing';

const define = (name: string, risk: Risk, idempotent = false): ToolDefinition =>
  ToolDefinition.parse({
    name,
    description: `Takes effect as ${risk}`,
    risk,
    idempotent,
    timeout_ms: 20_000,
    parameters: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
  });

/** A tool of each kind that the rules tell apart. */
export const DEFINITIONS: readonly ToolDefinition[] = [
  define('look', 'read'),
  define('put', 'write', true),
  define('send', 'write'),
  define('wipe', 'destructive'),
  define('burn', 'irreversible'),
];

/** The same as an agent has them. */
export const OWN_TOOLS: ReadonlyMap<string, OwnTool> = new Map(
  DEFINITIONS.map((definition) => [
    definition.name,
    { definition, digest: toolDigest(definition), isResident: false },
  ]),
);

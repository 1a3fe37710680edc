import type { CallToolResult } from '@modelcontextprotocol/server';

/** An answer of the API as it is: as text for a model, and as structured content for its client. */
export const tellPlainly = (answer: object): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(answer) }],
  structuredContent: { ...answer },
});

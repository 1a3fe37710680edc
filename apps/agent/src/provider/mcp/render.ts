import type { CallToolResult } from '@modelcontextprotocol/client';
import { canonicalJson } from '@xem/protocol';

/** Numbers that no canonical JSON can hold, and the like, are left to the usual one. */
function toJson(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch {
    return JSON.stringify(value) ?? 'null';
  }
}

/**
 * What a result is as bytes. Of a tool with an output schema: its structured content as canonical JSON. Else the
 * texts, a line break between two; and a result with anything but texts is the JSON of its whole content, in which
 * bytes are base64.
 */
export function renderResult({ content, structuredContent }: CallToolResult, isStructured: boolean): Buffer {
  if (structuredContent !== undefined && (isStructured || content.length === 0))
    return Buffer.from(toJson(structuredContent));
  const texts = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return Buffer.from(texts.length === content.length ? texts.join('\n') : toJson({ content }));
}

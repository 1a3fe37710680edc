import { hasObeyed, visibleInQuotes } from './escape.ts';

/** The API's object as JSON, indented by two. */
export const toJson = (value: unknown): string => `${visibleInQuotes(JSON.stringify(value, null, 2))}\n`;

/** The API's object as JSON on one line, for streams. */
export const toJsonLine = (value: unknown): string => `${visibleInQuotes(JSON.stringify(value))}\n`;

/** The API's object as YAML. */
export async function toYaml(value: unknown): Promise<string> {
  const { Document, Scalar, visit } = await import('yaml');
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && hasObeyed(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return visibleInQuotes(document.toString({ lineWidth: 0 }));
}

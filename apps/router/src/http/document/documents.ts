import type { Exchange } from '../edge.ts';
import { answerPage } from '../page/layout.ts';
import type { Route } from '../route.ts';
import { openApiDocument } from './openapi.ts';
import { referenceMarkup } from './reference-page.ts';

/** The documents of the API: for programs and for people. They are made when first asked for. */
export function documents(version: string): readonly Route[] {
  let text: string | undefined;
  const answerOpenApi = ({ headers }: Exchange): Response => {
    text ??= JSON.stringify(openApiDocument(version));
    return new Response(text, { headers: { ...headers, 'content-type': 'application/json' } });
  };
  return [
    { path: '/openapi.json', answer: answerOpenApi },
    {
      path: '/docs',
      answer: (exchange) => answerPage(exchange, 200, { title: 'API reference', body: referenceMarkup() }),
    },
  ];
}

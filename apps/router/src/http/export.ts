import type { Answer } from './bind.ts';
import { whilePermitted } from './while-permitted.ts';

/** Answers lines of JSON at the client's pace; how many there are shows at the end. */
export const answerLines: Answer<AsyncIterable<Uint8Array>> = (request, lines) => {
  const { headers } = request;
  headers['content-type'] = 'application/x-ndjson';
  return new Response(ReadableStream.from(whilePermitted(request, lines)), { status: 200, headers });
};

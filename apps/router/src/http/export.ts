import type { Answer } from './bind.ts';

/** Answers lines of JSON at the client's pace; how many there are shows at the end. */
export const answerLines: Answer<AsyncIterable<Uint8Array>> = ({ headers }, lines) => {
  headers['content-type'] = 'application/x-ndjson';
  return new Response(ReadableStream.from(lines), { status: 200, headers });
};

/**
 * Appends one line, {invocation_id, attempt, args}, to the file that XEM_EFFECT_LOG names, in one write, so that lines
 * of several at a time stay whole; answers the same line.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const { XEM_EFFECT_LOG: path, XEM_INVOCATION_ID: invocationId, XEM_ATTEMPT: attempt } = process.env;
if (!path) {
  writeSync(2, 'XEM_EFFECT_LOG names no effect log\n');
  process.exit(1);
}
const args = JSON.parse(readFileSync(0, 'utf8'));
const line = `${JSON.stringify({ invocation_id: invocationId, attempt: Number(attempt), args })}\n`;
const log = openSync(path, 'a', 0o600);
writeSync(log, line);
closeSync(log);
writeSync(1, line);

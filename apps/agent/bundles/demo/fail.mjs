/** Writes `stderr` of the arguments on standard input to standard error, as it is, and ends with `exit_code`. */
import { readFileSync, writeSync } from 'node:fs';

const { exit_code: exitCode, stderr } = JSON.parse(readFileSync(0, 'utf8'));
writeSync(2, stderr);
process.exitCode = exitCode;

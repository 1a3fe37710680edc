import { readFileSync } from 'node:fs';
import { raw } from 'jq-wasm';

/** `jq` for machines that have none: flags, then a filter, the input on standard input. */
const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith('-'));
const filter = words.find((word) => !word.startsWith('-')) ?? '.';
const isJoined = flags.some((flag) => /^-\w*j/.test(flag));
process.stdout.write(`${await raw(readFileSync(0, 'utf8'), filter, flags)}${isJoined ? '' : '\n'}`);

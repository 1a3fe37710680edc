import { canonicalJson } from '@xem/protocol';
import { answer, type Builtin } from '../builtin.ts';

/** Answers its arguments as canonical JSON: what a call costs when the tool costs nothing. */
export const demoNoop: Builtin = (args) => answer(canonicalJson(args));

import type { FixedTool } from './fixed-tool.ts';
import { invoke } from './invoke.ts';

/** The fixed tools, in the order clients list them. */
export const FIXED_TOOLS: readonly FixedTool[] = [invoke];

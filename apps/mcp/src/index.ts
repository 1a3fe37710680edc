export { EXPOSURE, type Exposure } from './expose.ts';
export { FIXED_TOOLS } from './tool/table.ts';
export type { FixedTool } from './tool/fixed-tool.ts';

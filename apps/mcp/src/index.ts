export { FIXED_TOOLS } from './tool/table.ts';

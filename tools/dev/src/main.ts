import { enableCompileCache } from 'node:module';
import { COMPILE_CACHE } from './place.ts';

enableCompileCache(COMPILE_CACHE);
const [{ devCommand }, { PROGRAMS }] = await Promise.all([
  import('./dev-command.ts'),
  import('./programs.ts'),
]);
await devCommand(PROGRAMS);

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { COMPILE_CACHE, REPOSITORY } from './place.ts';

const CLI = join(REPOSITORY, 'apps/cli/src/main.ts');
const EX_TEMPFAIL = 75;

enableCompileCache(COMPILE_CACHE);
const { aimAtMesh } = await import('./aim.ts');
if (!aimAtMesh(process.env, process.argv.slice(2))) process.exit(EX_TEMPFAIL);
// The package manager runs scripts at the root; files that the caller names are beside the caller.
process.chdir(process.env['INIT_CWD'] ?? '.');
await import(pathToFileURL(CLI).href);

import { administer } from './admin/administer.ts';

const { status, stdout, stderr } = await administer(process.argv.slice(2), process.env);
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = status;

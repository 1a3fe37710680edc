import { devCommand } from './dev-command.ts';
import { PROGRAMS } from './programs.ts';

await devCommand(PROGRAMS);

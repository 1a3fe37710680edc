import { devCommand } from '../dev-command.ts';
import { FAKE_PROGRAMS } from './fake-programs.ts';

await devCommand(FAKE_PROGRAMS);

import { prefixedForm } from '@xem/protocol';
import { FORMATS } from '../print.ts';
import { choice, count, duration, flag, hidden, id, text, type ValuesOf } from './flag.ts';

/** Flags of every list. */
export const PAGING = {
  limit: count('How many at most'),
  after: text('CURSOR', 'Go on after this cursor'),
  all: flag('All of them, page after page'),
};

/** Flags of every command; those of lists show in the help of lists only. */
export const GLOBALS = {
  context: text('NAME', 'The deployment of the configuration file to talk to'),
  baseUrl: text('URL', 'The address of the router (XEROTIER_BASE_URL)'),
  apiKey: text('KEY', 'The API key (XEROTIER_API_KEY)'),
  project: id(prefixedForm('prj'), 'Insist on this project'),
  output: choice(FORMATS, 'How to print the answer; table unless said'),
  timeout: duration('Give up after this time'),
  dryRun: flag('Say what would be done, and do nothing'),
  debug: flag('Show requests and stacks on standard error'),
  noColor: flag('No colours (NO_COLOR)'),
  limit: hidden(PAGING.limit),
  after: hidden(PAGING.after),
  all: hidden(PAGING.all),
};

/** What every command gets. */
export type GlobalFlags = ValuesOf<typeof GLOBALS>;

/** Global flags that stand alone, without a value. */
export const LONE_GLOBALS: ReadonlySet<string> = new Set([
  '--all',
  '--dry-run',
  '--debug',
  '--no-color',
  '--help',
  '-h',
]);

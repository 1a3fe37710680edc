import type { Guarantee } from './guarantee.ts';

/** What the product this follows shows of `exec`, and what `xeroctl` ends with. */
export const EXEC = {
  'exec.tools': {
    says: 'exec tools lists the tools of the project with their names and descriptions',
    from: 'product',
  },
  'exec.tool-show': { says: 'exec tool-show tells a tool’s name and description', from: 'product' },
  'exec.invoke': { says: 'exec invoke asks for a call and prints its id, also for jq', from: 'product' },
  'exec.watch': {
    says: 'exec watch follows an invocation and stops on all five terminal states',
    from: 'product',
  },
  'exec.cancel': {
    says: 'exec cancel stops a call, and refuses one that has ended with invocation_terminal',
    from: 'product',
  },
  'exec.list': {
    says: 'exec list prints its five columns, and jq picks the failed ones out of its JSON',
    from: 'product',
  },
  'exec.show': { says: 'exec show tells the details of an execution', from: 'product' },
  'exec.raw': { says: 'exec raw prints the bytes the tool wrote, no more and no less', from: 'product' },
  'exec.exit-codes': { says: 'xeroctl ends with the code its table gives', from: 'product' },
} as const satisfies Record<string, Guarantee>;

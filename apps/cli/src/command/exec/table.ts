import { verb, type Noun } from '../entry.ts';

export const execNoun: Noun = {
  brief: 'Find tools, invoke them, watch runs, read their output',
  entries: {
    tools: verb(
      'List the tools that can be invoked',
      ['tool.list'],
      async () => (await import('./tools.ts')).tools,
    ),
    'tool-show': verb(
      'Show everything about a tool, and how to invoke it',
      ['tool.get'],
      async () => (await import('./tool-show.ts')).toolShow,
    ),
    invoke: verb(
      'Invoke a tool in a workspace',
      ['invocation.create', 'invocation.stream'],
      async () => (await import('./invoke.ts')).invoke,
    ),
    watch: verb(
      'Watch an invocation until it has ended',
      ['invocation.stream', 'invocation.get'],
      async () => (await import('./watch.ts')).watch,
    ),
    cancel: verb(
      'Stop an invocation that has not ended',
      ['invocation.cancel'],
      async () => (await import('./cancel.ts')).cancel,
    ),
    list: verb('List executions', ['execution.list'], async () => (await import('./list.ts')).list),
    show: verb('Show an execution', ['execution.get'], async () => (await import('./show.ts')).show),
    raw: verb(
      'Get the exact bytes a run wrote',
      ['execution.raw'],
      async () => (await import('./raw.ts')).raw,
    ),
    rerun: verb(
      'Ask for the call of an execution again, through all the gates',
      ['execution.rerun'],
      async () => (await import('./rerun.ts')).rerun,
    ),
    stream: verb(
      'Follow everything that happens in the project',
      ['execution.stream', 'journal.list'],
      async () => (await import('./stream.ts')).stream,
    ),
    invocations: verb(
      'List invocations',
      ['invocation.list'],
      async () => (await import('./invocations.ts')).invocations,
    ),
  },
};

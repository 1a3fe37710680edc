import {
  agentMachine,
  approvalMachine,
  executionMachine,
  invocationMachine,
  joinKeyUseMachine,
  maintenanceMachine,
  terminalStates,
  type Machine,
} from '@xem/protocol';
import { code, codes, page, table } from '../markdown.ts';

type AnyMachine = Machine<string, string, string>;

const MACHINES: readonly {
  readonly title: string;
  readonly machine: AnyMachine;
  readonly starts: readonly string[];
}[] = [
  { title: 'Invocation', machine: invocationMachine, starts: ['queued', 'pending_approval'] },
  { title: 'Execution', machine: executionMachine, starts: ['dispatched'] },
  { title: 'Approval', machine: approvalMachine, starts: ['pending'] },
  { title: 'Agent', machine: agentMachine, starts: ['offline'] },
  { title: 'Use of a join key', machine: joinKeyUseMachine, starts: ['reserved'] },
  { title: 'Maintenance window', machine: maintenanceMachine, starts: ['scheduled'] },
];

function diagram(machine: AnyMachine, starts: readonly string[]): string {
  const arrows = Object.entries(machine.arrows).flatMap(([event, { from, to }]) =>
    from.map((state) => `  ${state} --> ${to}: ${event}`),
  );
  const lines = [
    'stateDiagram-v2',
    ...starts.map((state) => `  [*] --> ${state}`),
    ...arrows,
    ...[...terminalStates(machine)].map((state) => `  ${state} --> [*]`),
  ];
  return `\`\`\`mermaid\n${lines.join('\n')}\n\`\`\``;
}

/** The reference of state machines: a picture and a table of each. */
export const statesPage = (): string =>
  page(
    'State machines',
    MACHINES.flatMap(({ title, machine, starts }) => [
      `## ${title}`,
      `Ends: ${codes([...terminalStates(machine)])}. An event that has no arrow from the present state is refused with ${code(machine.refusal)}.`,
      diagram(machine, starts),
      table(
        ['Event', 'From', 'To'],
        Object.entries(machine.arrows).map(([event, { from, to }]) => [code(event), codes(from), code(to)]),
      ),
    ]),
  );

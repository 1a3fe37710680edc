import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const tool = (name: string, risk: string): readonly string[] => [
  `  - name: ${name}`,
  '    description: Run until a file is there.',
  `    risk: ${risk}`,
  '    timeout_ms: 600000',
  '    parameters:',
  '      type: object',
  '      properties: { door: { type: string } }',
  '      required: [door]',
  '      additionalProperties: false',
  `    command: { run: [sh, -c, 'while [ -d "\${1%/*}" ] && [ ! -e "$1" ]; do sleep 0.05; done', sh, '{door}'] }`,
];

/**
 * Gives the agents of a mesh that is not started yet `door_read` and `door_wipe`, which run until their door is open:
 * what must happen while something runs happens then, on however busy a machine. They end with the folder too.
 */
export function hangDoors(dir: string): void {
  const bundle = join(dir, 'tools', 'door');
  mkdirSync(bundle, { recursive: true, mode: 0o700 });
  const lines = ['tools:', ...tool('door_read', 'read'), ...tool('door_wipe', 'destructive'), ''];
  writeFileSync(join(bundle, 'bundle.yaml'), lines.join('\n'));
}

/** A door that is closed. */
export interface Door {
  /** The arguments of the tools that wait for it. */
  readonly args: { readonly door: string };
  readonly open: () => void;
}

/** A door in the folder of a mesh; `name` is its own. */
export function doorIn({ dir }: { readonly dir: string }, name: string): Door {
  const door = join(dir, `door-${name}`);
  return { args: { door }, open: () => writeFileSync(door, '') };
}

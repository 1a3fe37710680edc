import { UsageError } from '../../exit.ts';
import { command } from '../command.ts';
import { argument } from '../flag.ts';

const SHELLS = ['bash', 'zsh', 'fish'];

export const completion = command({
  about: 'Load it with: source <(xeroctl completion bash). Proposals of ids and tools come from the router.',
  args: { shell: argument('SHELL', `One of ${SHELLS.join(', ')}`) },
  run: async (_, { args: { shell } }) => {
    if (!SHELLS.includes(shell)) throw new UsageError(`there is a script for ${SHELLS.join(', ')}`);
    const { script } = await import('@bomb.sh/tab');
    script(shell, 'xeroctl', 'xeroctl');
  },
});

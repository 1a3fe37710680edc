import { spawn } from 'node:child_process';
import type { Driver } from './driver.ts';

/** Starts a program with pipes and waits for its end. */
export const spawnDriver = (command: string): Driver => ({
  call: () =>
    new Promise((resolve, reject) => {
      const child = spawn(command, { stdio: 'pipe' });
      child.on('error', reject);
      child.on('close', (code) =>
        code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`)),
      );
    }),
  rest: () => undefined,
});

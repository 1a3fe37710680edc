import { defineConfig } from 'vitest/config';

// A machine may be busy: what a test polls for comes when it comes, and only what never comes is an error.
const expect = { poll: { interval: 20, timeout: 25_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps,tools}/*/src/**/*.test.ts'],
          exclude: ['tools/e2e/**', '**/*.e2e.test.ts', '**/*.containers.test.ts'],
          // A machine may be busy; no test waits for this.
          testTimeout: 120_000,
          hookTimeout: 30_000,
          expect,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tools/e2e/src/**/*.test.ts', 'tools/faults/src/**/*.e2e.test.ts'],
          // Several times what the longest one takes on a machine that has nothing else to do.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect,
          fileParallelism: false,
          // After the unit tests: whole meshes want the machine to themselves.
          sequence: { groupOrder: 1 },
        },
      },
    ],
    reporters: ['default', './vitest.closing-line.ts'],
  },
});

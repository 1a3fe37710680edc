import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps,tools}/*/src/**/*.test.ts'],
          exclude: ['tools/e2e/**', '**/*.e2e.test.ts', '**/*.containers.test.ts'],
          // A machine may be busy; no test waits for this.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tools/e2e/src/**/*.test.ts', 'tools/faults/src/**/*.e2e.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // After the unit tests: whole meshes want the machine to themselves.
          sequence: { groupOrder: 1 },
        },
      },
    ],
    reporters: ['default', './vitest.closing-line.ts'],
  },
});

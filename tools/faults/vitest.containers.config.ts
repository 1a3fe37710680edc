import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['src/**/*.containers.test.ts'],
    // The collector of lost containers is an image of its own; this suite stops what it starts.
    env: { TESTCONTAINERS_RYUK_DISABLED: 'true' },
    reporters: ['default', '../../vitest.closing-line.ts'],
  },
});

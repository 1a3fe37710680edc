/** A program that is shipped: what goes into its folder. */
export interface Shipped {
  /** Names of what is built and of where it stands: file in `src` without its ending. */
  readonly entries: readonly string[];
  /** Packages that cannot be part of a bundle, with who uses them: they carry binaries, or are loaded by name. */
  readonly external: Readonly<Record<string, string>>;
  /** Folders that are copied as they are, from the top of the checkout to the program's folder. */
  readonly folders: Readonly<Record<string, string>>;
}

/** The programs that run on hosts. */
export const SHIPPED = {
  router: {
    entries: ['main'],
    external: {
      zeromq: 'packages/mesh',
      'better-sqlite3': 'packages/store',
      'drizzle-orm': 'packages/store',
    },
    folders: { 'packages/store/migrations/sqlite': 'migrations/sqlite' },
  },
  agent: {
    entries: ['main'],
    external: { zeromq: 'packages/mesh', 'better-sqlite3': 'apps/agent' },
    folders: { 'apps/agent/bundles': 'bundles' },
  },
} as const satisfies Record<string, Shipped>;

export type ProgramName = keyof typeof SHIPPED;

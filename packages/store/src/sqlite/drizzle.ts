import { createRequire } from 'node:module';
import type * as core from 'drizzle-orm';
import type * as migrationFiles from 'drizzle-orm/migrator';
import type * as betterSqlite3 from 'drizzle-orm/better-sqlite3';
import type * as migrator from 'drizzle-orm/better-sqlite3/migrator';
import type * as sqliteCore from 'drizzle-orm/sqlite-core';

/*
 * For every ES module that it loads, Node parses the exports of the module's package anew. Those of drizzle-orm are
 * 170 kB and its modules some two hundred: half a second of each start. Its CommonJS twin costs a tenth of that.
 */
const load = createRequire(import.meta.url);
const { getTableColumns, getTableName, sql }: typeof core = load('drizzle-orm');
const sqlite: typeof sqliteCore = load('drizzle-orm/sqlite-core');
const { drizzle }: typeof betterSqlite3 = load('drizzle-orm/better-sqlite3');
const { migrate }: typeof migrator = load('drizzle-orm/better-sqlite3/migrator');
const { readMigrationFiles }: typeof migrationFiles = load('drizzle-orm/migrator');
const { blob, foreignKey, index, integer, primaryKey, sqliteTable, text } = sqlite;

/** What the store uses of drizzle. */
export { blob, foreignKey, index, integer, primaryKey, sqliteTable, text };
export { drizzle, getTableColumns, getTableName, migrate, readMigrationFiles, sql };

import { expect, test } from 'vitest';
import {
  AGENT_SETTINGS,
  DEV_SETTINGS,
  MCP_SETTINGS,
  ROUTER_SETTINGS,
  type SettingDeclaration,
} from './setting.ts';

const TABLES: readonly (readonly [string, Readonly<Record<string, SettingDeclaration>>])[] = [
  ['router', ROUTER_SETTINGS],
  ['agent', AGENT_SETTINGS],
  ['mcp', MCP_SETTINGS],
  ['dev', DEV_SETTINGS],
];

test.each(TABLES)(
  'settings of the %s have a name each, in the environment and on the command line',
  (_name, table) => {
    const rows = Object.values(table);
    expect(new Set(rows.map(({ env }) => env)).size).toBe(rows.length);
    expect(new Set(rows.map(({ flag }) => flag)).size).toBe(rows.length);
  },
);

test.each(TABLES)('settings of the %s are called the same everywhere', (_name, table) => {
  const names = Object.entries(table).map(([name, { env, flag }]) => [env, flag.replaceAll('-', '_'), name]);
  expect(names).toEqual(Object.keys(table).map((name) => [`XEM_${name.toUpperCase()}`, name, name]));
});

test.each(TABLES)(
  'settings of the %s are read from words, and all but none need be given',
  (_name, table) => {
    const needed = Object.values(table).filter(({ schema }) => !schema.safeParse(undefined).success);
    expect(needed).toEqual([]);
  },
);

test.each([
  ['lease_renewal_interval_ms', AGENT_SETTINGS.lease_renewal_interval_ms, 10_000],
  ['shutdown_grace_seconds', AGENT_SETTINGS.shutdown_grace_seconds, 30],
  ['max_concurrent_executions', AGENT_SETTINGS.max_concurrent_executions, 20],
  ['workspaces', AGENT_SETTINGS.workspaces, '*'],
  ['data_port', ROUTER_SETTINGS.data_port, 5555],
  ['enroll_port', ROUTER_SETTINGS.enroll_port, 5556],
  ['body_bytes_max', ROUTER_SETTINGS.body_bytes_max, 1_048_576],
  ['unauthenticated_per_minute', ROUTER_SETTINGS.unauthenticated_per_minute, 600],
  ['lost_grace_ms', ROUTER_SETTINGS.lost_grace_ms, 60_000],
  ['queue_timeout_ms', ROUTER_SETTINGS.queue_timeout_ms, 600_000],
  ['dev_dir', DEV_SETTINGS.dev_dir, '.xem'],
  ['dev_port_base', DEV_SETTINGS.dev_port_base, 8787],
])('the setting %s is as published when nobody sets it', (_name, { schema }, expected) => {
  expect(schema.parse(undefined)).toBe(expected);
});

test.each([
  ['a port above the last', ROUTER_SETTINGS.http_port, '65536'],
  ['a port that is no number', ROUTER_SETTINGS.http_port, 'http'],
  ['a log level that is not one', ROUTER_SETTINGS.log_level, 'verbose'],
  ['an interval of nothing', AGENT_SETTINGS.lease_renewal_interval_ms, '0'],
  ['a join key without its prefix', AGENT_SETTINGS.join_key, 'eyJhbGciOi'],
  ['a URL that is none', MCP_SETTINGS.base_url, 'localhost'],
])('settings refuse %s', (_what, { schema }, word) => {
  expect(schema.safeParse(word).success).toBe(false);
});

import { z } from 'zod';
import { IpRangeList } from './address.ts';
import { EndpointList } from './endpoint.ts';

/** One setting of a program: how it is named in the environment and on the command line, and what it means. */
export interface SettingDeclaration<Schema extends z.ZodType = z.ZodType> {
  readonly env: string;
  readonly flag: string;
  readonly schema: Schema;
  readonly says: string;
}

const setting = <Schema extends z.ZodType>(flag: string, schema: Schema, says: string) => ({
  env: `XEM_${flag.replaceAll('-', '_').toUpperCase()}`,
  flag,
  schema,
  says,
});

const path = z.string().min(1);
const port = z.coerce.number().int().min(0).max(65_535);
const milliseconds = (fallback: number) => z.coerce.number().int().min(1).default(fallback);
const level = z.enum(['debug', 'info', 'warn', 'error', 'silent']);

const METRICS_HOST_SAYS = 'Address the port of the metrics listens on; whoever reaches it may read them.';

/** The router's settings. */
export const ROUTER_SETTINGS = {
  data_dir: setting(
    'data-dir',
    path.default('/var/lib/xem'),
    'Folder of the database, the outputs and the keys.',
  ),
  http_host: setting('http-host', z.string().default('127.0.0.1'), 'Address the HTTP API listens on.'),
  http_port: setting('http-port', port.default(8787), 'Port of the HTTP API; 0 takes a free one.'),
  public_url: setting(
    'public-url',
    z.url().optional(),
    'Address people reach the router at; used in approval links.',
  ),
  mesh_host: setting('mesh-host', z.string().default('0.0.0.0'), 'Address the mesh sockets listen on.'),
  mesh_public_host: setting(
    'mesh-public-host',
    z.string().default('127.0.0.1'),
    'Host that agents dial; written into join keys.',
  ),
  mesh_public_endpoints: setting(
    'mesh-public-endpoints',
    EndpointList.optional(),
    'Further ways to the data socket, `tcp://host:port` with commas between; agents are told at enrolment.',
  ),
  data_port: setting('data-port', port.default(5555), 'Port of the data socket; 0 takes a free one.'),
  enroll_port: setting(
    'enroll-port',
    port.default(5556),
    'Port of the enrollment socket; 0 takes a free one.',
  ),
  lease_renewal_interval_ms: setting(
    'lease-renewal-interval-ms',
    milliseconds(10_000),
    'How often agents renew their lease; the lease holds for three of these.',
  ),
  lost_grace_ms: setting(
    'lost-grace-ms',
    milliseconds(60_000),
    'How long a lost agent may come back with its runs before they are given up.',
  ),
  queue_timeout_ms: setting(
    'queue-timeout-ms',
    milliseconds(600_000),
    'How long a call may wait for an agent.',
  ),
  body_bytes_max: setting(
    'body-bytes-max',
    z.coerce.number().int().min(1024).default(1_048_576),
    'The largest request body, in bytes.',
  ),
  unauthenticated_per_minute: setting(
    'unauthenticated-per-minute',
    z.coerce.number().int().min(1).max(1_000_000).default(600),
    'How many requests without a valid key one address may send in a minute, and at once.',
  ),
  trusted_proxies: setting(
    'trusted-proxies',
    IpRangeList.default(''),
    'Addresses and CIDR ranges of proxies that are believed about where a request came from; none unless said.',
  ),
  forwarded_header: setting(
    'forwarded-header',
    z.enum(['x-forwarded-for', 'forwarded']).default('x-forwarded-for'),
    'The one header in which those proxies say it; the other is not read.',
  ),
  shutdown_grace_seconds: setting(
    'shutdown-grace-seconds',
    z.coerce.number().min(0).max(20).default(10),
    'How long a stop lets callers wait for the end of their calls, 20 at most; new requests are refused meanwhile.',
  ),
  output_retention_hours: setting(
    'output-retention-hours',
    z.coerce.number().int().min(1).default(720),
    'How long the output of executions is kept.',
  ),
  journal_retention_days: setting(
    'journal-retention-days',
    z.coerce.number().int().min(0).default(0),
    'How long entries of the journal are kept, those of calls that have not ended longer; 0 keeps them for ever.',
  ),
  heads_file: setting(
    'heads-file',
    path.optional(),
    'File that signed heads of the journal are added to; heads.ndjson in the data folder unless said.',
  ),
  head_interval_seconds: setting(
    'head-interval-seconds',
    z.coerce.number().int().min(1).default(300),
    'How long after a new entry its chain’s head is signed at the latest.',
  ),
  head_entries: setting(
    'head-entries',
    z.coerce.number().int().min(1).default(1000),
    'After how many new entries the head of a chain is signed without a wait.',
  ),
  metrics_host: setting('metrics-host', z.string().default('127.0.0.1'), METRICS_HOST_SAYS),
  metrics_port: setting(
    'metrics-port',
    port.optional(),
    'Port on which `/metrics` tells the operator of all projects without a key; 0 takes a free one, none unless said.',
  ),
  webhook_allow_private: setting(
    'webhook-allow-private',
    z.stringbool().default(false),
    'Whether webhooks may reach private addresses, plain HTTP and any port; `true` or `false`.',
  ),
  webhook_allowed_hosts: setting(
    'webhook-allowed-hosts',
    z.string().default(''),
    'Hosts that webhooks may reach all the same: names, addresses or CIDR ranges, with commas between.',
  ),
  log_level: setting('log-level', level.default('info'), 'Least level of log lines written.'),
} as const satisfies Record<string, SettingDeclaration>;

/** The agent's settings; each may also stand in its YAML file under the name it has here. */
export const AGENT_SETTINGS = {
  join_key: setting(
    'join-key',
    z.string().startsWith('xjk_').optional(),
    'The join key; needed for the first start only.',
  ),
  registration_name: setting(
    'registration-name',
    z.string().optional(),
    'The name to enrol under; needed for the first start unless the key carries one.',
  ),
  router_url: setting(
    'router-url',
    EndpointList.optional(),
    'Data endpoints of the router, `tcp://host:port` with commas between, tried in turn; wins over what enrolment told.',
  ),
  workspaces: setting(
    'workspaces',
    z.string().default('*'),
    'Workspaces to serve, comma separated; * serves every binding.',
  ),
  tools_dir: setting('tools-dir', path.default('/etc/xem/tools'), 'Folder of bundles.'),
  credentials_dir: setting('credentials-dir', path.default('/etc/xem/credentials'), 'Folder of credentials.'),
  policy_path: setting(
    'policy-path',
    path.optional(),
    'The host’s own policy over calls; /etc/xem/policy.yaml unless said, when it is there.',
  ),
  state_dir: setting('state-dir', path.default('/var/lib/xem-agent'), 'Folder of keys, journal and spool.'),
  signing_key_path: setting(
    'signing-key-path',
    path.optional(),
    'The signing key; in the state folder unless said.',
  ),
  curve_key_path: setting(
    'curve-key-path',
    path.optional(),
    'The CURVE key; in the state folder unless said.',
  ),
  queue_db_path: setting('queue-db-path', path.optional(), 'The journal; in the state folder unless said.'),
  log_level: setting('log-level', level.default('info'), 'Least level of log lines written.'),
  lease_renewal_interval_ms: setting(
    'lease-renewal-interval-ms',
    milliseconds(10_000),
    'How often to renew the lease.',
  ),
  shutdown_grace_seconds: setting(
    'shutdown-grace-seconds',
    z.coerce.number().min(0).default(30),
    'How long a stop waits for runs.',
  ),
  on_shutdown: setting(
    'on-shutdown',
    z.enum(['detach', 'kill']).default('detach'),
    'What becomes of runs that outlast the grace.',
  ),
  max_concurrent_executions: setting(
    'max-concurrent-executions',
    z.coerce.number().int().min(1).max(10_000).default(20),
    'Runs at one time.',
  ),
  metrics_host: setting('metrics-host', z.string().default('127.0.0.1'), METRICS_HOST_SAYS),
  metrics_port: setting(
    'metrics-port',
    port.optional(),
    'Port on which `/metrics` tells of this agent; 0 takes a free one, none unless said.',
  ),
} as const satisfies Record<string, SettingDeclaration>;

/** The MCP server's settings. */
export const MCP_SETTINGS = {
  base_url: setting('base-url', z.url().default('http://127.0.0.1:8787'), 'The router.'),
  api_key: setting(
    'api-key',
    z.string().optional(),
    'The key for standard input and output; over HTTP each caller brings its own.',
  ),
  workspace: setting('workspace', z.string().optional(), 'The workspace of calls that name none.'),
  mcp_host: setting('mcp-host', z.string().default('127.0.0.1'), 'Address the HTTP transport listens on.'),
  mcp_port: setting('mcp-port', port.default(8788), 'Port of the HTTP transport; 0 takes a free one.'),
  mcp_allowed_hosts: setting(
    'mcp-allowed-hosts',
    z.string().default(''),
    'Host names besides this machine’s that HTTP requests and pages may name, with commas between.',
  ),
  mcp_catalog: setting(
    'mcp-catalog',
    z.enum(['core', 'full']).default('full'),
    'Which tools are shown: the fixed ones, or the mesh’s too.',
  ),
  log_level: setting('log-level', level.default('info'), 'Least level of log lines written.'),
} as const satisfies Record<string, SettingDeclaration>;

/** The settings of `pnpm dev` and `pnpm xeroctl`; environment only. */
export const DEV_SETTINGS = {
  dev_dir: setting(
    'dev-dir',
    path.default('.xem'),
    'Folder of the local mesh, relative to the repository; two folders are two meshes.',
  ),
  dev_port_base: setting(
    'dev-port-base',
    port.default(8787),
    'HTTP port of the local mesh, MCP takes the next one; 0 takes free ports everywhere.',
  ),
} as const satisfies Record<string, SettingDeclaration>;

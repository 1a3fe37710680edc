import { AGENT_SETTINGS } from '@xem/protocol';
import { flagLines } from '@xem/runtime';

/** What `xem-agent --help` prints. */
export const USAGE = `xem-agent [flags]                      run the agent
xem-agent validate [flags]             check settings and bundles, print the manifest
xem-agent run-tool NAME [flags]        run one tool here, without a router; more: xem-agent run-tool --help

Each setting may also stand in the environment (XEM_STATE_DIR for --state-dir) and in a flat YAML file
(--config, /etc/xem/xem.yaml by default). Flags win over the environment, the environment over the file.

${flagLines(AGENT_SETTINGS)}
`;

/** What `xem-agent run-tool --help` prints. */
export const RUN_TOOL_USAGE = `xem-agent run-tool NAME [--args ARGS] [--workspace ws_…] [flags]

Runs one tool of the bundles in tools_dir here. There is no router and no gate: what it does takes effect. Both
streams are printed as they come, secrets masked; the last line of standard error says how it ended. Ctrl-C ends it.

  --args ARGS         a JSON object, @FILE, or - to read it from standard input; {} by default
  --workspace ws_…    whose credentials to use; those of the file "default" otherwise

Ends with the status of the tool (128 + n when signal n ended it), or with
  2    wrong usage, or arguments that the tool refuses
  78   a setting or a bundle is wrong
  124  the tool took longer than its timeout_ms
  125  the tool wrote more than its output limit, or left no status
  127  the tool could not be started
  130  interrupted
`;

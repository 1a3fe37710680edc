import { AGENT_SETTINGS } from '@xem/protocol';

const FLAG_WIDTH = 32;

const lines = Object.values(AGENT_SETTINGS).map(({ flag, says }) => `  --${flag}`.padEnd(FLAG_WIDTH) + says);

/** What `xem-agent --help` prints. */
export const USAGE = `xem-agent [flags]                      run the agent
xem-agent validate [flags]             check settings and bundles, print the manifest
xem-agent run-tool NAME --args JSON    run one tool here, without a router

Each setting may also stand in the environment (XEM_STATE_DIR for --state-dir) and in a flat YAML file
(--config, /etc/xem/xem.yaml by default). Flags win over the environment, the environment over the file.

${lines.join('\n')}
`;

import { AGENT_SETTINGS } from '@xem/protocol';
import { flagLines } from '@xem/runtime';

/** What `xem-agent --help` prints. */
export const USAGE = `xem-agent [flags]                      run the agent
xem-agent validate [flags]             check settings and bundles, print the manifest
xem-agent run-tool NAME --args JSON    run one tool here, without a router

Each setting may also stand in the environment (XEM_STATE_DIR for --state-dir) and in a flat YAML file
(--config, /etc/xem/xem.yaml by default). Flags win over the environment, the environment over the file.

${flagLines(AGENT_SETTINGS)}
`;

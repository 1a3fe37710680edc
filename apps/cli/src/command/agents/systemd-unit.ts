/** What a unit is made from. */
interface UnitFacts {
  readonly name: string;
  readonly program: string;
  readonly configPath: string;
}

const word = (text: string): string => (/^[\w./:@+,=-]+$/.test(text) ? text : JSON.stringify(text));

/**
 * A systemd unit that keeps an agent running. Runs that outlast a stop go on by themselves (KillMode), a refusal that
 * starting again would not change ends it (78), and a reload reads bundles and credentials again.
 */
export const systemdUnit = ({ name, program, configPath }: UnitFacts): string => `[Unit]
Description=XEM agent ${name}
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=${word(program)} --config ${word(configPath)}
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=2
RestartPreventExitStatus=78
KillMode=process
TimeoutStopSec=45

[Install]
WantedBy=multi-user.target
`;

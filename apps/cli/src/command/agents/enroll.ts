import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ROUTES } from '@xem/client';
import { UsageError } from '../../exit.ts';
import type { Session } from '../../session.ts';
import { command } from '../command.ts';
import { flag, many, text, type ValuesOf } from '../flag.ts';
import { configText, writeAgentConfig, type AgentConfig } from './agent-config.ts';
import { findAgentProgram, runAgent } from './agent-program.ts';
import { givenJoinKey, type JoinKeyValue } from './join-key-value.ts';
import { workspacesOf } from './join-keys.ts';
import { systemdUnit } from './systemd-unit.ts';

const CONFIG_PATH = '/etc/xem/xem.yaml';
const MINTED_FOR_SECONDS = 3600;

const FLAGS = {
  joinKey: text(
    'KEY|@FILE|-',
    'The join key; better in XEM_JOIN_KEY or a file than among arguments, which others can read',
  ),
  name: text('NAME', 'The name to enrol under, unless the key is for one'),
  config: text('PATH', `The file to write for the agent; ${CONFIG_PATH} unless said`),
  force: flag('Replace the file when it is there'),
  start: flag('Run the agent here until Ctrl-C, which it does unless told otherwise'),
  systemd: flag('Print a systemd unit for it and start nothing'),
  stateDir: text('PATH', 'Where the agent keeps its keys and its journal'),
  toolsDir: text('PATH', 'Its folder of bundles'),
  credentialsDir: text('PATH', 'Its folder of credentials'),
  workspace: many('ID', 'Without a join key: a workspace that the agent is bound to'),
  region: text('NAME', 'Without a join key: where the agent is'),
  replace: flag('Without a join key: retire the agent that has the name now'),
  program: text('PATH', 'The agent’s program; that of this checkout unless said'),
};

type Flags = ValuesOf<typeof FLAGS>;

/** Mints a key for this one host, as the caller's own key allows. */
async function mint(session: Session, flags: Flags): Promise<JoinKeyValue> {
  if (flags.name === undefined) throw new UsageError('give a join key by --join-key, or mint one by --name');
  const { data } = await session.call(ROUTES['join_key.create'], {
    name: flags.name,
    region: flags.region,
    expires_in_seconds: MINTED_FOR_SECONDS,
    workspaces: workspacesOf(flags.workspace),
    replace: flags.replace || undefined,
  });
  if (data.value === undefined) throw new Error('the router minted a join key and kept its value');
  return { value: data.value, name: flags.name };
}

function assertConsistent(given: JoinKeyValue | null, flags: Flags): void {
  if (flags.start && flags.systemd) throw new UsageError('--start and --systemd exclude each other');
  const extra = flags.workspace ?? flags.region ?? flags.replace;
  if (given && extra !== undefined) {
    throw new UsageError(
      '--workspace, --region and --replace are for minting a key; the one given says them itself',
    );
  }
}

function nameOf({ name: own }: JoinKeyValue, { name = own ?? undefined }: Flags): string {
  if (name !== undefined) return name;
  throw new UsageError('this join key is for any name: give one by --name');
}

const absolute = (path: string | undefined): string | undefined =>
  path === undefined ? path : resolve(path);

const configOf = (key: JoinKeyValue, flags: Flags): AgentConfig => ({
  join_key: key.value,
  registration_name: nameOf(key, flags),
  state_dir: absolute(flags.stateDir),
  tools_dir: absolute(flags.toolsDir),
  credentials_dir: absolute(flags.credentialsDir),
});

interface Written {
  readonly config: AgentConfig;
  readonly configPath: string;
  readonly program: string;
  /** The file was not there before. */
  readonly isNew: boolean;
}

async function start(session: Session, { config, configPath, program, isNew }: Written): Promise<number> {
  let wasReady = false;
  const onReady = async (agentId: string): Promise<void> => {
    wasReady = true;
    await writeAgentConfig(configPath, { config: { ...config, join_key: undefined }, mayReplace: true });
    await session.print.note(
      `${agentId} is enrolled as ${config['registration_name']} and runs. The join key is spent and out of ${configPath}. Ctrl-C stops the agent.`,
    );
  };
  const exit = await runAgent(session.io, { program, configPath, onReady });
  // A refused key has no business in a file that the next try would find in its way.
  if (!wasReady && isNew) await rm(configPath, { force: true });
  return exit;
}

async function showUnit(session: Session, { config, configPath, program }: Written): Promise<number> {
  const name = config['registration_name'] ?? '';
  await session.io.stdout.write(systemdUnit({ name, program, configPath }));
  await session.print.note(
    `${configPath} is written. Put the unit into /etc/systemd/system/xem-agent.service, then: systemctl daemon-reload && systemctl enable --now xem-agent`,
  );
  return 0;
}

export const enroll = command({
  about:
    'Runs on the host that the agent is for. Writes the agent’s file, for its owner only, and runs the agent, or prints a systemd unit. A refusal is printed with its code and what to do, and ends it with 78. Without a join key it mints one for this host, where your key may.',
  flags: FLAGS,
  run: async (session, { flags }) => {
    const given = await givenJoinKey(session.io, flags.joinKey);
    assertConsistent(given, flags);
    const configPath = resolve(flags.config ?? CONFIG_PATH);
    const config = configOf(given ?? (await mint(session, flags)), flags);
    if (session.flags.dryRun) {
      await session.io.stdout.write(configText({ ...config, join_key: 'xjk_…' }));
      return 0;
    }
    const isNew = await writeAgentConfig(configPath, { config, mayReplace: flags.force ?? false });
    const written = { config, configPath, isNew, program: flags.program ?? findAgentProgram() };
    return flags.systemd ? showUnit(session, written) : start(session, written);
  },
});

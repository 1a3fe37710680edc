import { createWriteStream } from 'node:fs';
import { GenericContainer, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers';

/** What one container of the mesh is started from. */
export interface ContainerRow {
  readonly image: string;
  readonly name: string;
  readonly network: StartedNetwork;
  readonly environment: Readonly<Record<string, string>>;
  /** Folders and files of the host, by where they stand in the container. */
  readonly mounts: Readonly<Record<string, string>>;
  readonly logPath: string;
  readonly ports?: readonly number[];
  /** What its log says once it is ready. */
  readonly readyWord: RegExp;
}

/** A container whose first process collects what the tools leave behind, as every agent’s should. */
class InitContainer extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.Init = true;
  }
}

/** Runs as whoever runs the tests, so that they may read what it writes. */
const user = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;

const READY_MS = 60_000;

/** Starts a container and waits for its word. */
export function startContainer(row: ContainerRow): Promise<StartedTestContainer> {
  const mounts = Object.entries(row.mounts).map(([target, source]) => ({ source, target }));
  return new InitContainer(row.image)
    .withNetwork(row.network)
    .withNetworkAliases(row.name)
    .withHostname(row.name)
    .withEnvironment({ ...row.environment })
    .withBindMounts(mounts)
    .withUser(user)
    .withExposedPorts(...(row.ports ?? []))
    .withLogConsumer((stream) => stream.pipe(createWriteStream(row.logPath, { flags: 'a' })))
    .withWaitStrategy(Wait.forLogMessage(row.readyWord))
    .withStartupTimeout(READY_MS)
    .start();
}

import type { MeshNetwork } from '@xem/mesh';
import type { Cancel, Clock } from '@xem/runtime';

/** What a program sees of the world, until it is killed: then nothing reaches it and nothing of it gets out. */
export interface SimulatedProcess {
  readonly clock: Clock;
  readonly network: MeshNetwork;
  isAlive(): boolean;
  /** Passes something on as long as the process lives; a promise that comes too late never settles. */
  guard<Value>(work: Promise<Value>): Promise<Value>;
  /** Ends it as SIGKILL does. */
  kill(): void;
}

interface Life {
  alive: boolean;
  /** What the system takes back from a dead process: its sockets and timers. */
  readonly takeBack: Set<() => void>;
}

const guardIn =
  (life: Life) =>
  <Value>(work: Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      work.then(
        (value) => life.alive && resolve(value),
        (err: unknown) => life.alive && reject(err),
      );
    });

function clockOf(life: Life, clock: Clock): Clock {
  const owned = (start: (call: () => void) => Cancel, call: () => void): Cancel => {
    const cancel = start(() => life.alive && call());
    life.takeBack.add(cancel);
    return () => {
      life.takeBack.delete(cancel);
      cancel();
    };
  };
  const guard = guardIn(life);
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    sleep: (ms, signal) => guard(clock.sleep(ms, signal)),
    after: (ms, call) => owned((fire) => clock.after(ms, fire), call),
    every: (ms, call) => owned((fire) => clock.every(ms, fire), call),
  };
}

function networkOf(life: Life, network: MeshNetwork): MeshNetwork {
  return {
    dial: (options) => {
      const { message, down } = options.events;
      const socket = network.dial({
        ...options,
        events: {
          message: (parts) => life.alive && message(parts),
          down: (reason) => life.alive && down(reason),
        },
      });
      const close = (): void => socket.close(0);
      life.takeBack.add(close);
      return {
        send: (parts) => socket.send(parts),
        close: (lingerMs) => {
          life.takeBack.delete(close);
          socket.close(lingerMs);
        },
      };
    },
    listen: async (options) => {
      const heard = (events: typeof options.data): typeof options.data => ({
        message: (from, parts) => life.alive && events.message(from, parts),
        disconnected: () => life.alive && events.disconnected(),
      });
      const sockets = await network.listen({
        ...options,
        data: heard(options.data),
        enrollment: heard(options.enrollment),
      });
      if (life.alive) life.takeBack.add(() => void sockets.close());
      else await sockets.close();
      return sockets;
    },
  };
}

/** A process that has just begun. */
export function spawnProcess(world: {
  readonly clock: Clock;
  readonly network: MeshNetwork;
}): SimulatedProcess {
  const life: Life = { alive: true, takeBack: new Set() };
  return {
    clock: clockOf(life, world.clock),
    network: networkOf(life, world.network),
    isAlive: () => life.alive,
    guard: guardIn(life),
    kill: () => {
      life.alive = false;
      for (const end of life.takeBack) end();
      life.takeBack.clear();
    },
  };
}

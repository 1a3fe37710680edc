import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ReadBuffer, serializeMessage, type Transport } from '@modelcontextprotocol/client';
import type { Clock } from '@xem/runtime';
import { maskText, type Mask } from '../../run/mask.ts';
import { signal } from '../../run/process-table.ts';

/** A program that speaks MCP over its streams. */
export interface StdioLaunch {
  readonly kind: 'stdio';
  /** The program, as an absolute path, and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

interface StdioContext {
  readonly clock: Clock;
  /** Covers what a server may say when it ends. */
  readonly mask: Mask;
}

/**
 * Becomes the server, and leaves one process in its group that waits for the end of the agent: descriptor 3 is the
 * agent's, and when that is closed, by a kill too, the whole group is killed.
 */
const LINE = `(trap '' TERM INT HUP; read -r _ <&3; kill -9 0) >/dev/null 2>&1 & exec "$@" 3<&-`;

const MESSAGE_BYTES_MAX = 32 * 1024 * 1024;
const KILL_GRACE_MS = 2000;
const LAST_WORDS_BYTES_MAX = 500;

/** The last line of what a server said on its standard error, without secrets. */
function listenFor(child: ChildProcess, mask: Mask): () => string {
  let tail = Buffer.alloc(0);
  child.stderr?.on('data', (bytes: Buffer) => {
    const both = Buffer.concat([tail, bytes]);
    tail = both.subarray(Math.max(0, both.length - LAST_WORDS_BYTES_MAX - mask.reach));
  });
  return () => {
    return maskText(mask, tail.toString()).trim().split('\n').at(-1)?.slice(-LAST_WORDS_BYTES_MAX) ?? '';
  };
}

interface StdioTransport extends Transport {
  /** The leader of the server's process group. */
  readonly pid: number | null;
  /** These two members are how the client knows a stdio transport. */
  readonly stderr: null;
  /** How the server ended; null before. */
  readonly how: string | null;
  /** The same, once it has. */
  readonly ended: Promise<string>;
}

/** Holds pieces back until one has the end of a line in it: joined at each piece, a large message costs its square. */
function createLine(): { add(bytes: Buffer): Buffer | null } {
  let held: Buffer[] = [];
  let size = 0;
  return {
    add: (bytes) => {
      held.push(bytes);
      size += bytes.length;
      if (size <= MESSAGE_BYTES_MAX && !bytes.includes('\n')) return null;
      const whole = Buffer.concat(held, size);
      held = [];
      size = 0;
      return whole;
    },
  };
}

/** Takes messages from the server, one a line; one that is too large, or is none, ends the connection. */
function receive(transport: Transport, child: ChildProcess): void {
  const buffer = new ReadBuffer({ maxBufferSize: MESSAGE_BYTES_MAX });
  const line = createLine();
  child.stdout?.on('data', (bytes: Buffer) => {
    try {
      const whole = line.add(bytes);
      if (!whole) return;
      buffer.append(whole);
      for (let message = buffer.readMessage(); message; message = buffer.readMessage()) {
        transport.onmessage?.(message);
      }
    } catch (err) {
      transport.onerror?.(err instanceof Error ? err : new Error(String(err)));
      void transport.close();
    }
  });
}

/** Starts a server as a process group of its own, which ends with the agent however that ends. */
export function stdioTransport(
  { argv, env, cwd }: StdioLaunch,
  { clock, mask }: StdioContext,
): StdioTransport {
  const child = spawn('/bin/sh', ['-c', LINE, 'xem-mcp', ...argv], {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const lastWords = listenFor(child, mask);
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const release = (): void => {
    for (const stream of child.stdio) stream?.destroy();
  };
  let how: string | null = null;
  const end = (status: string): void => {
    release();
    how = [status, lastWords()].filter(Boolean).join(': ');
    resolve(how);
    transport.onclose?.();
  };
  child.once('error', (err) => end(`cannot be started: ${err.message}`));
  child.once('exit', (status, name) => end(name ? `ended by ${name}` : `ended with status ${status}`));
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  child.unref();
  const transport: StdioTransport = {
    pid: child.pid ?? null,
    stderr: null,
    get how() {
      return how;
    },
    ended,
    start: async () => receive(transport, child),
    send: async (message) => {
      if (!child.stdin?.writable) throw new Error('the server has ended');
      if (!child.stdin.write(serializeMessage(message))) await once(child.stdin, 'drain');
    },
    close: async () => {
      child.stdin?.end();
      if (child.pid !== undefined) signal(-child.pid, 'SIGTERM');
      clock.after(KILL_GRACE_MS, release);
    },
  };
  return transport;
}

import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeSync } from 'node:fs';

const [, , tool] = process.argv;
const { env } = process;
const args = () => JSON.parse(readFileSync(0, 'utf8') || '{}');

const STDOUT = 1;
const STDERR = 2;

/** Does nothing, and hears no signal that it has a handler for, which is what being stubborn takes. */
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Writes all of some bytes, and returns when they are written. */
function put(stream, bytes) {
  const whole = Buffer.from(bytes);
  for (let at = 0; at < whole.length;) at += writeSync(stream, whole, at);
}

const MODULUS = 251;
const ROUND = Buffer.from(Array.from({ length: MODULUS }, (_, index) => index));
const BLOCK = Buffer.concat(Array.from({ length: 256 }, () => ROUND));

function putSize(stream, bytes) {
  for (let at = 0; at < bytes; at += BLOCK.length)
    put(stream, BLOCK.subarray(0, Math.min(BLOCK.length, bytes - at)));
}

function sleep({ seconds, stubborn }) {
  if (stubborn) process.on('SIGTERM', () => undefined);
  put(STDOUT, 'ready\n');
  pause(seconds * 1000);
}

function steps({ count, pause_ms }) {
  for (let step = 0; step < count; step++) {
    if (step > 0) pause(pause_ms);
    put(STDOUT, `${step}\n`);
  }
}

function secret() {
  const value = env.CONFORMANCE_SECRET ?? '';
  const middle = Math.floor(value.length / 2);
  put(STDOUT, value + value.slice(0, middle));
  pause(100);
  put(STDOUT, value.slice(middle));
}

function orphan() {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => undefined, 600000)'], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  put(STDOUT, `${child.pid}\n`);
}

function environment() {
  const names = ['XEM_EXECUTION_ID', 'XEM_INVOCATION_ID', 'XEM_ATTEMPT', 'TRACEPARENT'];
  const values = Object.fromEntries(names.map((name) => [name, env[name] ?? null]));
  put(STDOUT, JSON.stringify({ ...values, names: Object.keys(env).toSorted() }));
}

function effect(given) {
  const line = { invocation_id: env.XEM_INVOCATION_ID, attempt: Number(env.XEM_ATTEMPT), args: given };
  const text = `${JSON.stringify(line)}\n`;
  appendFileSync(env.XEM_EFFECT_LOG, text);
  put(STDOUT, text);
}

const TOOLS = {
  streams: ({ stdout, stderr, status }) => {
    put(STDOUT, Buffer.from(stdout, 'base64'));
    put(STDERR, Buffer.from(stderr, 'base64'));
    process.exitCode = status;
  },
  size: ({ stdout, stderr }) => {
    putSize(STDOUT, stdout);
    putSize(STDERR, stderr);
  },
  steps,
  sleep,
  signal: ({ signal }) => {
    process.kill(process.pid, signal);
    pause(60_000);
  },
  orphan,
  environment,
  secret,
  effect,
};

TOOLS[tool](args());

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  curvePairFromSecret,
  readOrCreateSecret,
  readSecret,
  SecretFileError,
  signerFromSeed,
  type CurvePair,
  type Signer,
} from '@xem/mesh';
import type { IdSource } from '@xem/runtime';
import { BootError } from '../boot/boot-error.ts';
import type { AgentSettings } from '../settings.ts';

/** The two keys that make an agent who it is. */
export interface AgentKeys {
  readonly curve: CurvePair;
  readonly signer: Signer;
}

/** The agent's keys, and where the CURVE key is kept. */
export interface OpenedKeys extends AgentKeys {
  readonly curvePath: string;
  /** The CURVE key a rotation brought that was not finished; null without one. */
  readonly next: CurvePair | null;
}

const SECRET_BYTES = 32;

/** Where the CURVE key waits that a rotation brings, until it is in use. */
export const nextKeyPath = (curvePath: string): string => `${curvePath}.next`;

function checked<Found extends Buffer | null>(path: string, read: () => Found): Found {
  try {
    const secret = read();
    if (secret === null || secret.byteLength === SECRET_BYTES) return secret;
  } catch (err) {
    if (err instanceof SecretFileError) throw new BootError('key_file', err.message, { cause: err });
    throw err;
  }
  throw new BootError('key_file', `${path} does not hold a key of ${SECRET_BYTES} bytes in hex`);
}

/** The secret of a file, made when there is none. @throws BootError `key_file` */
export function secretAt(path: string, ids: IdSource): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return checked(path, () => readOrCreateSecret(path, () => ids.bytes(SECRET_BYTES)));
}

/** The agent's keys, made at the first start. @throws BootError `key_file` when others can read one */
export function openKeys(settings: AgentSettings, ids: IdSource): OpenedKeys {
  const { state_dir, signing_key_path, curve_key_path } = settings;
  const curvePath = curve_key_path ?? join(state_dir, 'agent-curve-key.hex');
  const nextPath = nextKeyPath(curvePath);
  const signing = secretAt(signing_key_path ?? join(state_dir, 'agent-signing-key.hex'), ids);
  const curve = secretAt(curvePath, ids);
  const next = checked(nextPath, () => readSecret(nextPath));
  return {
    curve: curvePairFromSecret(curve),
    signer: signerFromSeed(signing),
    curvePath,
    next: next && curvePairFromSecret(next),
  };
}

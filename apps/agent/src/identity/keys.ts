import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  curvePairFromSecret,
  readOrCreateSecret,
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

const SECRET_BYTES = 32;

function secretAt(path: string, ids: IdSource): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const secret = readOrCreateSecret(path, () => ids.bytes(SECRET_BYTES));
    if (secret.byteLength === SECRET_BYTES) return secret;
  } catch (err) {
    if (err instanceof SecretFileError) throw new BootError('key_file', err.message, { cause: err });
    throw err;
  }
  throw new BootError('key_file', `${path} does not hold a key of ${SECRET_BYTES} bytes in hex`);
}

/** The agent's keys, made at the first start. @throws BootError `key_file` when others can read one */
export function openKeys(settings: AgentSettings, ids: IdSource): AgentKeys {
  const { state_dir, signing_key_path, curve_key_path } = settings;
  const signing = secretAt(signing_key_path ?? join(state_dir, 'agent-signing-key.hex'), ids);
  const curve = secretAt(curve_key_path ?? join(state_dir, 'agent-curve-key.hex'), ids);
  return { curve: curvePairFromSecret(curve), signer: signerFromSeed(signing) };
}

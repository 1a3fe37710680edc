import { join } from 'node:path';
import { curvePairFromSecret, signerFromSeed, type CurvePair, type Signer } from '@xem/mesh';
import type { IdSource } from '@xem/runtime';
import type { AgentSettings } from '../settings.ts';
import { secretAt } from './key-file.ts';

/** The two keys that make an agent who it is. */
export interface AgentKeys {
  readonly curve: CurvePair;
  readonly signer: Signer;
}

const SECRET_BYTES = 32;

/** The agent's keys, made at the first start. @throws BootError `key_file_open`, `key_file_broken` */
export function openKeys(settings: AgentSettings, ids: IdSource): AgentKeys {
  const { state_dir, signing_key_path, curve_key_path } = settings;
  const make = (): Buffer => ids.bytes(SECRET_BYTES);
  const signing = secretAt(signing_key_path ?? join(state_dir, 'agent-signing-key.hex'), make);
  const curve = secretAt(curve_key_path ?? join(state_dir, 'agent-curve-key.hex'), make);
  return { curve: curvePairFromSecret(curve), signer: signerFromSeed(signing) };
}

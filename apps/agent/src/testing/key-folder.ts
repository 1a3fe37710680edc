import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentId, ProjectId } from '@xem/protocol';
import { systemClock, systemIds } from '@xem/runtime';
import { onTestFinished } from 'vitest';
import { readIdentity, writeIdentity, type Identity } from '../identity/identity.ts';
import { createKeyRing } from '../identity/key-ring.ts';
import { openKeys } from '../identity/keys.ts';
import { readCommandLine } from '../settings.ts';

const ids = systemIds(systemClock());

/** The state folder of an agent that has enrolled. */
export async function keyFolder() {
  const stateDir = mkdtempSync(join(tmpdir(), 'xem-ring-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  const env = { XEM_STATE_DIR: stateDir, XEM_CONFIG: '/dev/null' };
  const { settings } = await readCommandLine({ argv: [], env });
  const { curve, signer } = openKeys(settings, ids);
  const identity: Identity = {
    agent_id: AgentId.parse(`agt_${'0'.repeat(24)}`),
    project_id: ProjectId.parse(`prj_${'0'.repeat(24)}`),
    registration_name: 'agent-01',
    curve_public_key: curve.publicKey,
    signing_public_key: signer.publicKey,
    data_endpoints: ['tcp://127.0.0.1:1'],
    router_curve_key: curve.publicKey,
    router_signing_key: signer.publicKey,
    lease_ttl_ms: 30_000,
    lease_renewal_interval_ms: 10_000,
    bindings: [],
  };
  writeIdentity(stateDir, identity);
  const path = (name: string): string => join(stateDir, name);
  /** What a process that starts now makes of the folder. */
  const start = () => {
    const known = readIdentity(stateDir);
    if (known === null) throw new Error('no identity');
    return createKeyRing({ stateDir, keys: openKeys(settings, ids), identity: known, ids });
  };
  return { path, start, stateDir, curve };
}

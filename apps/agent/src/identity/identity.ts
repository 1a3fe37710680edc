import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AgentId, BindingNotice, CurveKey, Milliseconds, ProjectId, SigningKey } from '@xem/protocol';
import { z } from 'zod';
import { BootError } from '../boot/boot-error.ts';
import { writePrivately } from './private-file.ts';

/** What enrolment gave: who the agent is, and the router it belongs to. */
const Identity = z.object({
  agent_id: AgentId,
  project_id: ProjectId,
  registration_name: z.string(),
  /** The agent's own keys at enrolment: others than these are another agent. */
  curve_public_key: CurveKey,
  signing_public_key: SigningKey,
  data_endpoints: z.array(z.string()).min(1),
  router_curve_key: CurveKey,
  router_signing_key: SigningKey,
  lease_ttl_ms: Milliseconds,
  lease_renewal_interval_ms: Milliseconds,
  bindings: z.array(BindingNotice),
});
export type Identity = z.infer<typeof Identity>;

const identityPath = (stateDir: string): string => join(stateDir, 'identity.json');

/** The identity of an agent that has enrolled; null before. @throws BootError `identity_broken` */
export function readIdentity(stateDir: string): Identity | null {
  const path = identityPath(stateDir);
  if (!statSync(path, { throwIfNoEntry: false })) return null;
  try {
    return Identity.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (err) {
    throw new BootError('identity_broken', `${path} cannot be read; restore it, or delete it to enrol anew`, {
      cause: err,
    });
  }
}

/** Keeps an identity, whole or not at all. */
export const writeIdentity = (stateDir: string, identity: Identity): void =>
  writePrivately(identityPath(stateDir), `${JSON.stringify(identity, null, 2)}\n`);

import type { AgentId, EnrollBody } from '@xem/protocol';
import type { AgentRecord, JoinKeyRecord } from '@xem/store';
import type { CheckedManifest } from '../manifest/check.ts';

/** A request to enrol as the mesh hands it over: its own signature (`xem/enroll/1`) is right. */
export interface EnrollRequest {
  readonly body: EnrollBody;
  readonly sourceAddress: string | null;
}

interface Enrolment {
  readonly id: AgentId;
  readonly request: EnrollRequest;
  readonly key: JoinKeyRecord;
  readonly checked: CheckedManifest;
}

/** An agent that has enrolled and not yet said hello. */
export const newAgent = ({ id, request, key, checked }: Enrolment, now: number): AgentRecord => ({
  id,
  version: 1,
  projectId: key.projectId,
  registrationName: request.body.registration_name,
  region: key.region,
  agentVersion: request.body.agent_version,
  status: 'offline',
  paused: null,
  rotation: null,
  conflict: null,
  curveKey: request.body.curve_public_key,
  signingKey: request.body.signing_public_key,
  joinKeyId: key.id,
  journalId: null,
  epoch: 0,
  manifestVersion: checked.manifest.manifest_version,
  manifestHash: checked.hash,
  host: request.body.host,
  hostReportedAt: now,
  sourceAddress: request.sourceAddress,
  enrolledAt: now,
  lastSeenAt: null,
  connectionSince: now,
  createdAt: now,
  credentialsRevokedAt: null,
});

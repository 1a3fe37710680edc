import type { EnrolledBody } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { applyAs, enrolAs, intruder, mintJoinKey } from '../../mesh/intruder.ts';
import { until } from '../../mesh/mesh.ts';
import type { Ground } from '../ground.ts';

/** How a code is provoked where hosts ask to be let in. */
type Application = (ground: Ground) => Promise<EnrolledBody>;

const MANIFEST_WITHOUT_TOOLS = { manifest_version: 1, workspaces: [] };

/** Codes that an application to enrol is refused with. */
export const ENROLMENT_PROVOCATIONS = {
  exec_manifest_invalid: async ({ mesh }) =>
    applyAs(intruder(), {
      name: 'careless',
      joinKey: await mintJoinKey(mesh),
      manifest: MANIFEST_WITHOUT_TOOLS,
    }),
  agent_name_in_use: async ({ mesh }) => enrolAs(intruder(), 'dev-agent-01', await mintJoinKey(mesh)),
  join_key_invalid: async ({ mesh }) => {
    const good = await mintJoinKey(mesh);
    return enrolAs(intruder(), 'forger', { ...good, value: `${good.value?.slice(0, -6)}AAAAAA` });
  },
  join_key_expired: async ({ mesh }) => {
    const brief = await mintJoinKey(mesh, { expires_in_seconds: 1 });
    await until('the end of a join key', () => systemClock().now() > Date.parse(brief.expires_at));
    return enrolAs(intruder(), 'late', brief);
  },
  join_key_exhausted: async ({ mesh }) => {
    const joinKey = await mintJoinKey(mesh);
    await enrolAs(intruder(), 'quicker', joinKey);
    return enrolAs(intruder(), 'slower', joinKey);
  },
  join_key_revoked: async ({ mesh, make }) => {
    const joinKey = await mintJoinKey(mesh);
    await make('join_key.revoke', { id: joinKey.id });
    return enrolAs(intruder(), 'shut-out', joinKey);
  },
  protocol_unsupported: async ({ mesh }) => enrolAs(intruder(), 'Not A Name', await mintJoinKey(mesh)),
} as const satisfies Record<string, Application>;

import { recordingLog } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { inHttpWorld } from './testing/http-world.ts';
import { warnOfGaps } from './warn-of-gaps.ts';

const line = (projects: readonly string[]): object => ({
  level: 'warn',
  event: 'policy.escalates_to_nobody',
  fields: { projects, fix: expect.stringContaining('xeroctl approvals policies set') },
});

test('a router tells which projects escalate to nobody, until somebody chose the policy', () =>
  inHttpWorld(async ({ services, call, seed }) => {
    const told = async (): Promise<readonly unknown[]> => {
      const log = recordingLog();
      await warnOfGaps({ store: services.store, log });
      return log.lines;
    };
    expect(await told()).toEqual([line(['demo', 'other'])]);
    const body = { on_timeout_destructive: 'reject' };
    const answer = await call('PUT /v1/exec/approval-policies', { key: seed.keys.operator, body });
    expect(answer.status).toBe(200);
    expect(await told()).toEqual([line(['other'])]);
  }));

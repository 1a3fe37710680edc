import { WhoAmI } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inWorld } from '../testing/index.ts';
import { whoami } from './whoami.ts';

test('auth.whoami tells what a key is and may do', () =>
  inWorld(async ({ approver, seed }) => {
    const answer = WhoAmI.parse(await whoami(approver));
    expect(answer).toEqual({
      object: 'whoami',
      project: { id: seed.project_id, slug: 'demo', name: 'Demo' },
      principal: approver.caller.principal,
      groups: [],
      key: {
        id: approver.keyId,
        name: 'approver',
        prefix: seed.keys.approver.slice(0, 12),
        expires_at: null,
      },
      session: { kind: 'key', expires_at: null },
      scopes: ['execution'],
      can_decide: true,
      endpoints: null,
      rate: { per_minute: 1_000_000, burst: 100_000 },
      router: { version: '0.1.0', protocol: 1, time: '2026-01-01T00:00:00.000Z' },
    });
  }));

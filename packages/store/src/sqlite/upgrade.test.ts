import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKeyId, ApprovalId, PrincipalId, ProjectId, WebhookId } from '@xem/protocol';
import { silentLog, systemClock } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import type { Store } from '../store.ts';
import { makeOlderDatabase } from '../testing/other-version.ts';
import { openSqliteStore } from './open.ts';

const PROJECT = ProjectId.parse(`prj_${'0'.repeat(24)}`);
const PERSON = PrincipalId.parse(`prn_${'0'.repeat(24)}`);
const HOOK = WebhookId.parse(`whk_${'0'.repeat(24)}`);
const APPROVAL = ApprovalId.parse('01a20047-c808-785e-9ffd-7154708072e5');
const keyOf = (digit: string) => ApiKeyId.parse(`key_${digit.repeat(24)}`);

/** Opens a store with the first four migrations and some rows as this version does. */
async function upgraded(sql: string): Promise<Store> {
  const dataDir = mkdtempSync(join(tmpdir(), 'xem-upgrade-'));
  makeOlderDatabase(dataDir, { level: 4, sql: PEOPLE + sql });
  const store = await openSqliteStore({ dataDir, clock: systemClock(), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  return store;
}

const PEOPLE = `
  INSERT INTO project (id, slug, name, created_at) VALUES ('${PROJECT}', 'p', 'P', 0);
  INSERT INTO principal (id, project_id, kind, name, groups, disabled, created_at)
    VALUES ('${PERSON}', '${PROJECT}', 'human', 'Ann', '["ops"]', 0, 0);`;

interface Key {
  readonly rotatedFrom?: string;
  readonly ancestors?: readonly string[];
  readonly canDecide?: boolean;
}

const insertKey = (digit: string, { rotatedFrom, ancestors = [], canDecide = true }: Key = {}): string => `
  INSERT INTO api_key (id, project_id, principal_id, name, prefix, value_sha256, scopes, can_decide, rate, rotated_from,
      ancestors, created_at)
    VALUES ('${keyOf(digit)}', '${PROJECT}', '${PERSON}', 'k', 'p', '${digit}', '[]', ${canDecide ? 1 : 0}, '{}',
      ${rotatedFrom ? `'${keyOf(rotatedFrom)}'` : 'NULL'}, '${JSON.stringify(ancestors.map(keyOf))}', 0);`;

/** 1 minted 2, which was rotated into 3 and 4, the second time by 5, which 1 had minted too; 6 never decides. */
const KEYS = [
  insertKey('4', { rotatedFrom: '3', ancestors: ['3', '2', '1', '5'] }),
  insertKey('1'),
  insertKey('2', { ancestors: ['1'] }),
  insertKey('3', { rotatedFrom: '2', ancestors: ['2', '1'] }),
  insertKey('5', { ancestors: ['1'] }),
  insertKey('6', { ancestors: ['4', '3', '2', '1', '5'], canDecide: false }),
].join('');

test('an upgrade keeps since when the target of a webhook fails', async () => {
  const store = await upgraded(`
    INSERT INTO webhook (id, version, project_id, url, events, secret, enabled, created_by, created_at, last_failed_at)
      VALUES ('${HOOK}', 3, '${PROJECT}', 'https://a.example/', '[]', x'00', 1, '{}', 5, 77);`);
  expect(await store.read.webhooks.get(PROJECT, HOOK)).toMatchObject({ version: 3, failingSince: 77 });
});

test('an upgrade makes one family of a key and those it was rotated into, and forgets nothing it comes from', async () => {
  const store = await upgraded(KEYS);
  const families = async (digit: string) => (await store.read.access.apiKey(PROJECT, keyOf(digit)))?.families;
  expect(await families('1')).toEqual([keyOf('1')]);
  expect(await families('2')).toEqual([keyOf('2'), keyOf('1')]);
  expect(await families('3')).toEqual([keyOf('2'), keyOf('1')]);
  expect(await families('4')).toEqual([keyOf('2'), keyOf('1'), keyOf('5')]);
  expect(await families('6')).toEqual([keyOf('6')]);
});

test('an upgrade has sign-in links remember who made them, and no principal lose their voice', async () => {
  const rights = {
    scopes: [],
    canDecide: true,
    ancestors: ['4', '3', '2', '1', '5'].map(keyOf),
    ipAllow: null,
  };
  const store = await upgraded(`${KEYS}
    INSERT INTO sign_in_link (token_sha256, project_id, principal_id, rights, created_by, created_at, expires_at)
      VALUES ('t', '${PROJECT}', '${PERSON}', '${JSON.stringify(rights)}', '{}', 0, 9);`);
  expect((await store.read.access.signInLink('t'))?.rights).toEqual({
    scopes: [],
    canDecide: true,
    ipAllow: null,
    minterKeyId: keyOf('4'),
    behind: [keyOf('2'), keyOf('1'), keyOf('5')],
  });
  expect(await store.read.access.principal(PROJECT, PERSON)).toMatchObject({ empoweredAt: null });
});

test('an upgrade has an approval that waits remember the family that asked', async () => {
  const store = await upgraded(`${KEYS}
    PRAGMA foreign_keys = OFF;
    INSERT INTO approval VALUES ('${APPROVAL}', 1, '${APPROVAL}', '${PROJECT}', 'ws_a1b2c3d4', 'pending', 'policy', 't',
      'destructive', '', '{}', '', NULL, '', '{}', '${keyOf('4')}', 'mcp', '{}', '[]', 0, '{}', '[]', NULL, NULL, 0, 9, 9,
      1, NULL);`);
  const waiting = await store.read.approvals.get(PROJECT, APPROVAL);
  expect(waiting).toMatchObject({ requestFamily: keyOf('2'), surface: 'mcp', createdAt: 1 });
});

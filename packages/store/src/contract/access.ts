import { hashJson } from '@xem/protocol';
import { expect } from 'vitest';
import type { ApiKeyRecord, PrincipalRecord } from '../record/access.ts';
import { makeApiKey, makePrincipal, makeProject, refTo } from '../testing/record/access.ts';
import { eachRow, idsOf, stageFor, type Contract } from './subject.ts';

type Stage = Awaited<ReturnType<typeof stageFor>>;

/** Somebody with a key. */
async function addHolder(
  { store, making, project }: Stage,
  who: Partial<PrincipalRecord> = {},
  what: Partial<ApiKeyRecord> = {},
) {
  const principal = makePrincipal(making, { projectId: project.id, ...who });
  const key = makeApiKey(making, { projectId: project.id, principalId: principal.id, ...what });
  await store.transact(async (tx) => {
    await tx.access.insertPrincipal(principal);
    await tx.access.insertApiKey(key);
  });
  return { principal, key };
}

type Holding = readonly [who: Partial<PrincipalRecord>, what: Partial<ApiKeyRecord>];

const NO_DECIDERS: Readonly<Record<string, Holding>> = {
  'a service': [{ kind: 'service' }, {}],
  'a disabled human': [{ disabled: true }, {}],
  'a key that may not decide': [{}, { canDecide: false }],
  'a revoked key': [{}, { revokedAt: 1 }],
  'a key that has ended': [{}, { expiresAt: 50 }],
  'a key without the scope execution': [{}, { scopes: ['management', 'inference'] }],
};

const doesNotCount = (whom: string, [who, what]: Holding): Contract => ({
  [`access.deciders leaves out ${whom}`]: async (open) => {
    const stage = await stageFor(open);
    const { store, making, project } = stage;
    await addHolder(stage, who, what);
    const { principal } = await addHolder(stage, {}, { expiresAt: 51 });
    const second = makeApiKey(making, { projectId: project.id, principalId: principal.id });
    await store.transact((tx) => tx.access.insertApiKey(second));
    expect(await store.read.access.deciders(project.id, 50)).toEqual([principal]);
  },
});

const UNUSABLE: Readonly<Record<string, Holding>> = {
  'of somebody who is disabled': [{ disabled: true }, {}],
  'that was revoked': [{}, { revokedAt: 1 }],
  'that has ended': [{}, { expiresAt: 50 }],
};

const isUnusable = (which: string, [who, what]: Holding): Contract => ({
  [`access.isUsable is false of a key ${which}`]: async (open) => {
    const stage = await stageFor(open);
    const { access } = stage.store.read;
    const bad = await addHolder(stage, who, what);
    const good = await addHolder(stage, {}, { expiresAt: 51 });
    expect(await access.isUsable(bad.key.id, 50)).toBe(false);
    expect(await access.isUsable(good.key.id, 50)).toBe(true);
  },
});

const MANAGES = { scopes: ['execution', 'management'] } as const;

const NO_MANAGERS: Readonly<Record<string, Holding>> = {
  'a service': [{ kind: 'service' }, MANAGES],
  'a disabled human': [{ disabled: true }, MANAGES],
  'a key without the scope': [{}, { scopes: ['execution', 'break_glass'] }],
  'a revoked key': [{}, { ...MANAGES, revokedAt: 1 }],
  'a key that has ended': [{}, { ...MANAGES, expiresAt: 50 }],
};

const managesNothing = (whom: string, [who, what]: Holding): Contract => ({
  [`access.countManagersBut leaves out ${whom}, and the one it is asked to`]: async (open) => {
    const stage = await stageFor(open);
    const { store, project } = stage;
    await addHolder(stage, who, what);
    const { principal } = await addHolder(stage, {}, { ...MANAGES, expiresAt: 51 });
    const other = await addHolder(stage, {}, MANAGES);
    const count = (but: PrincipalRecord) => store.read.access.countManagersBut(project.id, but.id, 50);
    expect(await count(principal)).toBe(1);
    await store.transact((tx) => tx.access.savePrincipal({ ...other.principal, disabled: true }));
    expect(await count(principal)).toBe(0);
  },
});

const SESSION = { tokenSha256: hashJson('cookie'), csrfToken: 'csrf', createdAt: 1, expiresAt: 100 };

/** What any store does with projects, people, keys and sessions. */
export const accessContract: Contract = {
  'access.saveProject keeps what may change of a project, and refuses one that was changed': async (open) => {
    const { store, making, project } = await stageFor(open);
    const by = refTo(makePrincipal(making, { projectId: project.id }));
    const paused = { reason: 'audit', by, at: '2026-01-01T00:00:00.000Z' };
    const save = () => store.transact((tx) => tx.access.saveProject({ ...project, paused }));
    expect((await save()).version).toBe(2);
    expect(await store.read.access.project(project.id)).toEqual({ ...project, paused, version: 2 });
    await expect(save()).rejects.toThrow(/version/);
  },

  "access.credential answers key, principal and project of a value's hash": async (open) => {
    const stage = await stageFor(open);
    const { principal, key } = await addHolder(stage, { groups: ['a', 'b'] }, { endpoints: ['/v1/exec/*'] });
    const found = await stage.store.read.access.credential(key.valueSha256);
    expect(found).toEqual({ key, principal, project: stage.project });
    expect(await stage.store.read.access.credential(hashJson('another'))).toBeNull();
  },

  'access.credential follows each change of key, principal and project, at its commit and not before': async (
    open,
  ) => {
    const stage = await stageFor(open);
    const { store, project } = stage;
    const { principal, key } = await addHolder(stage);
    const found = () => store.read.access.credential(key.valueSha256);
    const whole = { key, principal, project };
    expect(await found()).toEqual(whole);
    const meanwhile = await store.transact(async (tx) => {
      await tx.access.saveApiKey({ ...key, revokedAt: 9 });
      return found();
    });
    expect(meanwhile).toEqual(whole);
    expect(await found()).toMatchObject({ key: { revokedAt: 9 } });
    await store.transact((tx) => tx.access.savePrincipal({ ...principal, disabled: true }));
    expect(await found()).toMatchObject({ principal: { disabled: true } });
    await store.transact((tx) => tx.access.saveProject({ ...project, billing: 'delinquent' }));
    expect(await found()).toMatchObject({ project: { billing: 'delinquent' } });
  },

  'access.credential knows nothing of a change that was taken back': async (open) => {
    const stage = await stageFor(open);
    const { store, making, project } = stage;
    const { principal, key } = await addHolder(stage);
    const other = makeApiKey(making, { projectId: project.id, principalId: principal.id });
    const failing = store.transact(async (tx) => {
      await tx.access.insertApiKey(other);
      await tx.access.saveApiKey({ ...key, revokedAt: 9 });
      expect(await tx.access.credential(key.valueSha256)).toMatchObject({ key: { revokedAt: 9 } });
      expect(await tx.access.credential(other.valueSha256)).not.toBeNull();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.read.access.credential(key.valueSha256)).toMatchObject({ key: { revokedAt: null } });
    expect(await store.read.access.credential(other.valueSha256)).toBeNull();
  },

  'access.saveApiKey keeps what may change of a key, and refuses one that is not there': async (open) => {
    const stage = await stageFor(open);
    const { store, making, project } = stage;
    const { principal, key } = await addHolder(stage);
    const changed: ApiKeyRecord = {
      ...key,
      revokedAt: 9,
      lastUsedAt: 8,
      expiresAt: 7,
      ipAllow: ['10.0.0.0/8'],
    };
    await store.transact((tx) => tx.access.saveApiKey(changed));
    expect(await store.read.access.apiKey(project.id, key.id)).toEqual(changed);
    const absent = makeApiKey(making, { projectId: project.id, principalId: principal.id });
    await expect(store.transact((tx) => tx.access.saveApiKey(absent))).rejects.toThrow(/no API key/);
  },

  'access keeps to a project': async (open) => {
    const stage = await stageFor(open);
    const { store, making, project } = stage;
    const { principal, key } = await addHolder(stage);
    const other = makeProject(making, { createdAt: project.createdAt + 1 });
    await store.transact((tx) => tx.access.insertProject(other));
    const { access } = store.read;
    expect(await access.apiKey(other.id, key.id)).toBeNull();
    expect(await access.principal(other.id, principal.id)).toBeNull();
    expect(await access.apiKeys(other.id, {}, { limit: 9 })).toEqual([]);
    expect(await access.principals(other.id, {}, { limit: 9 })).toEqual([]);
    expect(idsOf(await access.apiKeys(project.id, {}, { limit: 9 }))).toEqual([key.id]);
    expect(await access.principal(project.id, principal.id)).toEqual(principal);
    expect(await access.projectBySlug(project.slug)).toEqual(project);
    expect(await access.projects()).toEqual([project, other]);
  },

  ...eachRow(NO_DECIDERS, doesNotCount),

  'access.savePrincipal keeps what may change of a principal, and refuses one that is not there': async (
    open,
  ) => {
    const stage = await stageFor(open);
    const { store, making, project } = stage;
    const { principal } = await addHolder(stage);
    const changed = { ...principal, name: 'Bea', groups: ['dev'], disabled: true, empoweredAt: 7 };
    await store.transact((tx) => tx.access.savePrincipal(changed));
    expect(await store.read.access.principal(project.id, principal.id)).toEqual(changed);
    const absent = makePrincipal(making, { projectId: project.id });
    await expect(store.transact((tx) => tx.access.savePrincipal(absent))).rejects.toThrow(/no principal/);
  },

  'access.principals and access.apiKeys list what fits their filter': async (open) => {
    const stage = await stageFor(open);
    const { access } = stage.store.read;
    const ann = await addHolder(stage, { name: 'Cyd' });
    const bot = await addHolder(stage, { name: 'Cyd', kind: 'service' });
    const { id } = stage.project;
    const one = { limit: 9 };
    expect(idsOf(await access.principals(id, { name: 'Cyd', kind: 'human' }, one))).toEqual([
      ann.principal.id,
    ]);
    expect(await access.principals(id, { name: 'Bea' }, one)).toEqual([]);
    expect(idsOf(await access.apiKeys(id, { principalId: bot.principal.id }, one))).toEqual([bot.key.id]);
  },

  ...eachRow(UNUSABLE, isUnusable),
  ...eachRow(NO_MANAGERS, managesNothing),

  'access.removeBrowserSessionsOf ends those of a principal, or of one of their keys': async (open) => {
    const stage = await stageFor(open);
    const { store, making, project } = stage;
    const { principal, key } = await addHolder(stage);
    const second = makeApiKey(making, { projectId: project.id, principalId: principal.id });
    const other = await addHolder(stage);
    const session = { ...SESSION, projectId: project.id };
    const tokens = ['first', 'second', 'other'] as const;
    const holders = [key.id, second.id, other.key.id];
    await store.transact(async (tx) => {
      await tx.access.insertApiKey(second);
      for (const [at, keyId] of holders.entries())
        await tx.access.insertBrowserSession({ ...session, keyId, tokenSha256: hashJson(tokens[at]) });
    });
    const whichGoOn = async (): Promise<readonly boolean[]> => {
      const found = await Promise.all(
        tokens.map((token) => store.read.access.browserSession(hashJson(token))),
      );
      return found.map((row) => row !== null);
    };
    const { id: principalId } = principal;
    await store.transact((tx) => tx.access.removeBrowserSessionsOf({ principalId, keyId: key.id }, 1));
    expect(await whichGoOn()).toEqual([false, true, true]);
    await store.transact((tx) => tx.access.removeBrowserSessionsOf({ principalId }, 1));
    expect(await whichGoOn()).toEqual([false, false, true]);
  },

  'access.takeSignInLink gives a link to one, and forgets those of a principal and by age': async (open) => {
    const stage = await stageFor(open);
    const { store, project } = stage;
    const { principal, key } = await addHolder(stage);
    const rights = {
      scopes: ['execution' as const],
      canDecide: false,
      minterKeyId: key.id,
      behind: [key.id],
      ipAllow: ['10.0.0.0/8'],
    };
    const link = {
      tokenSha256: hashJson('link'),
      projectId: project.id,
      principalId: principal.id,
      rights,
      createdBy: refTo(principal),
      createdAt: 1,
      expiresAt: 100,
    };
    const insert = () => store.transact((tx) => tx.access.insertSignInLink(link));
    const find = () => store.read.access.signInLink(link.tokenSha256);
    await insert();
    expect(await find()).toEqual(link);
    const take = () => store.transact((tx) => tx.access.takeSignInLink(link.tokenSha256));
    expect(await Promise.all([take(), take()])).toEqual([link, null]);
    await insert();
    await store.transact((tx) => tx.access.removeSignInLinksBefore(100));
    expect(await find()).toEqual(link);
    await store.transact((tx) => tx.access.removeSignInLinksBefore(101));
    expect(await find()).toBeNull();
    await insert();
    await store.transact((tx) => tx.access.removeSignInLinksOf(principal.id));
    expect(await find()).toBeNull();
  },

  'access forgets browser sessions one by one and by age': async (open) => {
    const stage = await stageFor(open);
    const { store, project } = stage;
    const { key } = await addHolder(stage);
    const session = { ...SESSION, projectId: project.id, keyId: key.id };
    const second = { ...session, tokenSha256: hashJson('second'), expiresAt: 200 };
    await store.transact(async (tx) => {
      await tx.access.insertBrowserSession(session);
      await tx.access.insertBrowserSession(second);
    });
    expect(await store.read.access.browserSession(session.tokenSha256)).toEqual(session);
    await store.transact((tx) => tx.access.removeBrowserSessionsBefore(150));
    expect(await store.read.access.browserSession(session.tokenSha256)).toBeNull();
    expect(await store.read.access.browserSession(second.tokenSha256)).toEqual(second);
    await store.transact((tx) => tx.access.removeBrowserSession(second.tokenSha256));
    expect(await store.read.access.browserSession(second.tokenSha256)).toBeNull();
  },
};

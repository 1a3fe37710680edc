import { generateKeyPairSync, sign } from 'node:crypto';
import { DAY_SECONDS, AgentId, createJoinKey, JoinKey, JoinKeyId, type InputOf } from '@xem/protocol';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import { inWorld, testHost, type TestWorld } from '../testing/index.ts';
import { pause } from '../agent/pause.ts';
import { enroll } from '../enrollment/enroll.ts';
import { create } from './create.ts';
import { lapseUses } from './lapse-uses.ts';
import { list } from './list.ts';
import { readJoinKey } from './read.ts';
import { revoke } from './revoke.ts';

const mint = ({ operator }: TestWorld, draft: InputOf<typeof createJoinKey> = {}) =>
  create(operator, createJoinKey.input.parse(draft));

const use = ({ services }: TestWorld, joinKey: string | undefined, name: string) => {
  const manifest = { manifest_version: 1, workspaces: [], tools: [] };
  return enroll(services, {
    body: testHost(services, name).request(joinKey ?? '', manifest),
    sourceAddress: null,
  });
};

test('join_key.create signs what an agent must know to find and trust the router', () =>
  inWorld(async (world) => {
    const { services, seed, operator } = world;
    const draft = { name: 'jump-1', region: 'eu', uses: 3, workspaces: [seed.workspace_id], replace: true };
    const made = await mint(world, draft);
    expect(JoinKey.parse(made)).toEqual(made);
    expect(made).toMatchObject({
      status: 'active',
      uses: 3,
      uses_confirmed: 0,
      uses_reserved: 0,
      expires_at: '2026-01-02T00:00:00.000Z',
      created_by: operator.caller.principal,
      command: `XEM_JOIN_KEY=${made.value} npx -y pnpm@12 --silent xem-agent --registration-name jump-1`,
    });
    const jwt = made.value?.replace(/^xjk_/, '') ?? '';
    expect(decodeProtectedHeader(jwt)).toEqual({
      alg: 'EdDSA',
      typ: 'JWT',
      kid: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    const { identity, clock } = services;
    expect(decodeJwt(jwt)).toEqual({
      iss: 'http://127.0.0.1:8787',
      aud: 'xem-enroll',
      role: 'xem',
      jti: made.id,
      project: seed.project_id,
      name: 'jump-1',
      region: 'eu',
      workspaces: [seed.workspace_id],
      replace: true,
      uses: 3,
      router: {
        enroll_endpoint: identity.enrollEndpoint,
        curve_key: identity.curveKey,
        signing_key: identity.signingKey,
      },
      iat: clock.now() / 1000,
      exp: clock.now() / 1000 + DAY_SECONDS,
    });
  }));

test('join_key.create without a name leaves the name to the host', () =>
  inWorld(async (world) => {
    const made = await mint(world);
    expect(made).toMatchObject({ registration_name: null, uses: 1, replace: false, workspaces: [] });
    expect(made.command).toMatch(/--registration-name "\$\(uname -n [^)]+\)"$/);
    expect(decodeJwt(made.value?.slice(4) ?? '')).not.toHaveProperty('name');
  }));

test('join_key.create refuses a workspace of another project', () =>
  inWorld(async ({ foreigner, seed }) => {
    const draft = createJoinKey.input.parse({ workspaces: [seed.workspace_id] });
    await expect(create(foreigner, draft)).rejects.toMatchObject({ code: 'workspace_not_found' });
  }));

test('join_key.create refuses a key without the scope management', () =>
  inWorld(({ approver }) =>
    expect(create(approver, createJoinKey.input.parse({}))).rejects.toMatchObject({
      code: 'scope_insufficient',
    }),
  ));

test('join_key.list shows the project’s keys without their values', () =>
  inWorld(async (world) => {
    const { value, command, ...shown } = await mint(world);
    const page = await list(world.operator, { limit: 20 });
    expect(page.data).toEqual([shown]);
    expect(JSON.stringify(page)).not.toContain(value);
    expect(command).toContain(value);
    expect((await list(world.foreigner, { limit: 20 })).data).toEqual([]);
  }));

test('join_key status is derived from its uses, its end and its revocation', () =>
  inWorld(async (world) => {
    const { operator, clock } = world;
    const status = async (id: string) =>
      (await list(operator, { limit: 20 })).data.find((key) => key.id === id)?.status;
    const key = await mint(world);
    await use(world, key.value, 'one');
    expect(await status(key.id)).toBe('exhausted');
    const other = await mint(world, { expires_in_seconds: 60 });
    await clock.advance(60_000);
    expect(await status(other.id)).toBe('expired');
    await revoke(operator, { id: other.id });
    expect(await status(other.id)).toBe('revoked');
  }));

test('join_key.revoke ends a key once, and is journalled once', () =>
  inWorld(async (world) => {
    const { id } = await mint(world);
    const first = await revoke(world.operator, { id });
    expect(first).toMatchObject({ status: 'revoked', revoked_at: '2026-01-01T00:00:00.000Z' });
    await world.clock.advance(1000);
    expect(await revoke(world.operator, { id })).toEqual(first);
    const entries = await world.store.read.journal.after(world.operator.projectId, 0, 100);
    expect(entries.filter(({ type }) => type === 'join_key.revoked')).toHaveLength(1);
  }));

test('join_key.revoke answers the same for another project’s key as for none', () =>
  inWorld(async (world) => {
    const { id } = await mint(world);
    const none = JoinKeyId.parse(`jkr_${'0'.repeat(24)}`);
    const refusal = { code: 'join_key_not_found', status: 404 };
    await expect(revoke(world.foreigner, { id })).rejects.toMatchObject(refusal);
    await expect(revoke(world.foreigner, { id: none })).rejects.toMatchObject(refusal);
  }));

test('join_key reading takes an expired key too: its end is for the enrolment to judge', () =>
  inWorld(async (world) => {
    const { id, value } = await mint(world, { expires_in_seconds: 60 });
    await world.clock.advance(120_000);
    expect(await readJoinKey(world.services, value ?? '')).toMatchObject({ jti: id });
  }));

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A key whose header or claims were changed, signed anew by the router itself. */
const resigned = async (world: TestWorld, change: { readonly header?: object; readonly claims?: object }) => {
  const { value = '' } = await mint(world);
  const jwt = value.slice(4);
  const header = encode({ ...decodeProtectedHeader(jwt), ...change.header });
  const signed = `${header}.${encode({ ...decodeJwt(jwt), ...change.claims })}`;
  const signature = Buffer.from(world.services.identity.sign(Buffer.from(signed))).toString('base64url');
  return `xjk_${signed}.${signature}`;
};

test.each<[string, (world: TestWorld) => Promise<string>]>([
  ['no key', async () => 'xjk_'],
  ['another prefix', async (world) => ((await mint(world)).value ?? '').replace('xjk_', 'xyz_')],
  [
    'a claim that was changed',
    async (world) => {
      const [header, , signature] = ((await mint(world)).value ?? '').slice(4).split('.');
      return `xjk_${header}.${encode({ uses: 1000 })}.${signature}`;
    },
  ],
  [
    'the signature of another router',
    async (world) => {
      const [header, claims] = ((await mint(world)).value ?? '').slice(4).split('.');
      const { privateKey } = generateKeyPairSync('ed25519');
      const signature = sign(null, Buffer.from(`${header}.${claims}`), privateKey).toString('base64url');
      return `xjk_${header}.${claims}.${signature}`;
    },
  ],
  ['no signature at all', async (world) => resigned(world, { header: { alg: 'none' } })],
  ['another type', async (world) => resigned(world, { header: { typ: 'at+jwt' } })],
  ['another audience', async (world) => resigned(world, { claims: { aud: 'xem-api' } })],
  ['another role', async (world) => resigned(world, { claims: { role: 'admin' } })],
])('join_key reading refuses %s', (_, valueOf) =>
  inWorld(async (world) => {
    const value = await valueOf(world);
    await expect(readJoinKey(world.services, value)).rejects.toMatchObject({ code: 'join_key_invalid' });
  }),
);

test('join_key uses that nobody confirmed lapse after 10 minutes, and their agents go', () =>
  inWorld(async (world) => {
    const { services, store, clock, operator } = world;
    const key = await mint(world);
    const { admitted } = await use(world, key.value, 'one');
    await pause(operator, { id: AgentId.parse(admitted?.id) });
    await clock.advance(599_999);
    expect(await lapseUses(services)).toEqual([]);
    await clock.advance(1);
    expect(await lapseUses(services)).toEqual([admitted?.id]);
    expect(await lapseUses(services)).toEqual([]);
    expect(await store.read.agents.admitted()).toEqual([]);
    expect(services.pauses.isEmpty()).toBe(true);
    expect((await list(operator, { limit: 1 })).data[0]).toMatchObject({
      status: 'active',
      uses_reserved: 0,
    });
    const [entry] = await store.read.journal.list(operator.projectId, {}, { limit: 1 });
    expect(entry).toMatchObject({
      type: 'join_key.lapsed',
      subject: { id: key.id },
      refs: { agent_id: admitted?.id },
    });
  }));

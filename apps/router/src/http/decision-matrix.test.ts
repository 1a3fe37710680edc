import { apiKey, policy, type VerbContext } from '@xem/domain';
import { newPerson } from '@xem/domain/testing';
import { ApprovalId, createApiKey, putPolicy, type InputOf, type Invocation } from '@xem/protocol';
import type { ApprovalRecord } from '@xem/store';
import { expect, test } from 'vitest';
import { hiddenFields, testBrowser, type TestBrowser } from '../testing/browser.ts';
import { inHttpWorld, type HttpWorld } from '../testing/http-world.ts';

const RATE = { per_minute: 1_000_000, burst: 100_000 };
const TIMEOUT_MS = 120_000;

/** Somebody's key, and what the specification looks at. */
interface Identity {
  readonly key: string;
  /** A human of the project, whose key is good, may execute and may decide. */
  readonly decides: boolean;
  readonly isOlga?: boolean;
  /** The key that asks for Olga, or one that comes from it. */
  readonly ofAskingLine?: boolean;
  readonly isOfDba?: boolean;
}

type Draft = Omit<InputOf<typeof createApiKey>, 'principal_id' | 'name'>;

const DECIDER: Draft = { scopes: ['execution', 'management'], can_decide: true };

const mint = (ctx: VerbContext, draft: Draft = DECIDER) =>
  apiKey.create(
    ctx,
    createApiKey.input.parse({ principal_id: ctx.actor.id, name: 'key', rate: RATE, ...draft }),
  );

async function revokedKey(ctx: VerbContext): Promise<string> {
  const { id, value } = await mint(ctx);
  await apiKey.revoke(ctx, { id });
  return value;
}

/** Everybody who tries. Olga asks for calls herself. */
async function gatherPeople(world: HttpWorld) {
  const scopes = ['execution', 'management'] as const;
  const [ada, dora, olga] = await Promise.all([
    newPerson(world, { name: 'ada', scopes }),
    newPerson(world, { name: 'dora', scopes, groups: ['dba'] }),
    newPerson(world, { name: 'olga', scopes }),
  ]);
  const asking = (await mint(olga)).value;
  const keyOf = async (ctx: VerbContext, draft?: Draft): Promise<string> => (await mint(ctx, draft)).value;
  const identities: Readonly<Record<string, Identity>> = {
    'another human': { key: await keyOf(ada), decides: true },
    'a key that may not decide': { key: await keyOf(ada, { scopes: ['execution'] }), decides: false },
    'a key that may not execute': {
      key: await keyOf(ada, { scopes: ['management'], can_decide: true }),
      decides: false,
    },
    'a revoked key': { key: await revokedKey(ada), decides: false },
    'a human of dba': { key: await keyOf(dora), decides: true, isOfDba: true },
    'a service': { key: world.seed.keys.service, decides: false },
    'the key that asks for Olga': { key: asking, decides: true, isOlga: true, ofAskingLine: true },
    'a key that it minted': {
      key: await keyOf(await world.as(asking)),
      decides: true,
      isOlga: true,
      ofAskingLine: true,
    },
    'another key of Olga’s': { key: await keyOf(olga), decides: true, isOlga: true },
    'a human of another project': { key: world.seed.keys.other_project, decides: false },
  };
  return { asking, identities };
}

/** How a decision comes in. */
interface Route {
  readonly verb: 'approve' | 'reject';
  readonly by: 'rest' | 'cli' | 'page';
}

const ROUTES: readonly Route[] = [
  { verb: 'approve', by: 'rest' },
  { verb: 'reject', by: 'rest' },
  { verb: 'approve', by: 'cli' },
  { verb: 'approve', by: 'page' },
  { verb: 'reject', by: 'page' },
];

const ASKED = ['by a service', 'by Olga', 'by Olga through MCP'] as const;
type Asked = (typeof ASKED)[number];

interface Gate {
  readonly rules: InputOf<typeof putPolicy>;
  /** Whether a person may decide their own call. */
  readonly self: boolean;
}

const one = (group: string) => ({ any_of: [{ group, count: 1 }] });

const GATES: readonly (readonly [string, 'demo_effect' | 'demo_wipe', Gate])[] = [
  ['standard', 'demo_effect', { rules: {}, self: true }],
  ['standard', 'demo_wipe', { rules: {}, self: true }],
  ['elevated', 'demo_effect', { rules: { preset: 'elevated' }, self: true }],
  ['elevated', 'demo_wipe', { rules: { preset: 'elevated' }, self: false }],
  ['restricted', 'demo_effect', { rules: { preset: 'restricted' }, self: false }],
  ['restricted', 'demo_wipe', { rules: { preset: 'restricted' }, self: false }],
  ['dba', 'demo_effect', { rules: { quorum_destructive: one('dba') }, self: true }],
  [
    'two people',
    'demo_effect',
    { rules: { quorum_destructive: { any_of: [{ group: '*', count: 2 }] } }, self: true },
  ],
];

interface Attempt {
  readonly who: Identity;
  readonly route: Route;
  readonly asked: Asked;
  readonly gate: Gate;
}

/** What the specification says. */
function isEligible({ who, route, asked, gate }: Attempt): boolean {
  const own = who.isOlga === true && asked !== 'by a service';
  const throughModel = asked === 'by Olga through MCP' && who.ofAskingLine === true;
  const proved = gate.rules.preset !== 'restricted' || route.by === 'page';
  const counts = !JSON.stringify(gate.rules).includes('dba') || who.isOfDba === true;
  return who.decides && !throughModel && (!own || gate.self) && proved && counts;
}

/** A browser for each key: whoever is refused the session has none. */
function browsersOf(world: HttpWorld): (key: string) => Promise<TestBrowser> {
  const browsers = new Map<string, TestBrowser>();
  return async (key) => {
    const browser = browsers.get(key) ?? testBrowser(world);
    if (!browsers.has(key)) await browser.signIn(key);
    browsers.set(key, browser);
    return browser;
  };
}

async function byPage(browser: TestBrowser, { route }: Attempt, row: ApprovalRecord): Promise<number> {
  const path = `/approvals/${row.id}`;
  const page = await (await browser.open(path)).text();
  const session = hiddenFields(page, '/sign-out');
  const fields = { ...session, call_sha256: row.callSha256, confirm: row.tool };
  return (await browser.send(`${path}/${route.verb}`, fields)).status;
}

async function byRest(world: HttpWorld, { who, route }: Attempt, row: ApprovalRecord): Promise<number> {
  const body =
    route.verb === 'approve' ? { call_sha256: row.callSha256, confirm: row.tool } : { reason: 'no' };
  const headers = { 'x-xem-surface': route.by };
  const line = `POST /v1/exec/approvals/${row.id}/${route.verb}`;
  return (await world.call(line, { key: who.key, body, headers })).status;
}

/** Calls that wait, one for all that is refused and a new one for each decision that counts. */
function waitingRoom(world: HttpWorld, tool: string, askingKey: string) {
  const open = new Map<Asked, ApprovalRecord>();
  const read = async (id: ApprovalRecord['id']): Promise<ApprovalRecord> => {
    const row = await world.store.read.approvals.get(world.operator.projectId, id);
    if (!row) throw new Error(`approval ${id} is gone`);
    return row;
  };
  const ask = async (asked: Asked): Promise<ApprovalRecord> => {
    const key = asked === 'by a service' ? world.seed.keys.service : askingKey;
    const headers = { 'x-xem-surface': asked === 'by Olga through MCP' ? 'mcp' : 'rest' };
    const { approval }: Invocation = await world.invoke({ tool }, { key, headers });
    return read(ApprovalId.parse(approval?.id));
  };
  return {
    read,
    take: async (asked: Asked): Promise<ApprovalRecord> => {
      const row = open.get(asked) ?? (await ask(asked));
      open.set(asked, row);
      return row;
    },
    spend: (asked: Asked) => open.delete(asked),
  };
}

/** Everybody by every route, over each way a call was asked for. */
const attemptsOf = (identities: Readonly<Record<string, Identity>>, gate: Gate) =>
  ASKED.flatMap((asked) =>
    Object.entries(identities).flatMap(([name, who]) =>
      ROUTES.map((route) => ({
        name: `${route.verb} by ${name} by ${route.by} of a call ${asked}`,
        attempt: { who, route, asked, gate },
      })),
    ),
  );

test.each(GATES)(
  'under the policy %s, a call of %s is decided by those whom the specification lets, by every route',
  { timeout: TIMEOUT_MS },
  (...[, tool, gate]) =>
    inHttpWorld(async (world) => {
      const { asking, identities } = await gatherPeople(world);
      await policy.put(world.operator, putPolicy.input.parse(gate.rules));
      const room = waitingRoom(world, tool, asking);
      const browserOf = browsersOf(world);
      const verdicts = [];
      for (const { name, attempt } of attemptsOf(identities, gate)) {
        const row = await room.take(attempt.asked);
        const status =
          attempt.route.by === 'page'
            ? await byPage(await browserOf(attempt.who.key), attempt, row)
            : await byRest(world, attempt, row);
        const counted = (await room.read(row.id)).decisions.length > 0;
        if (counted) room.spend(attempt.asked);
        verdicts.push({ name, counted, ok: status < 400, eligible: isEligible(attempt) });
      }
      expect(verdicts.filter(({ counted, ok, eligible }) => counted !== eligible || ok !== eligible)).toEqual(
        [],
      );
    }),
);

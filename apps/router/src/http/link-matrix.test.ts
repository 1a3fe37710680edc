import { apiKey, policy, type VerbContext } from '@xem/domain';
import { newPerson } from '@xem/domain/testing';
import { ApprovalId, ApprovalLink, createApiKey, putPolicy, type InputOf } from '@xem/protocol';
import type { ApprovalRecord } from '@xem/store';
import { expect, test } from 'vitest';
import { hiddenFields, testBrowser } from '../testing/browser.ts';
import { inHttpWorld, type HttpWorld } from '../testing/http-world.ts';
import { openLinkAt, pathOf } from '../testing/review.ts';

const TIMEOUT_MS = 120_000;
const RATE = { per_minute: 1_000_000, burst: 100_000 };

type Rules = InputOf<typeof putPolicy>;

const counting = (group: string): Rules => ({ quorum_destructive: { any_of: [{ group, count: 2 }] } });

const GATES: readonly (readonly [string, Rules])[] = [
  ['standard', {}],
  ['restricted', { preset: 'restricted' }],
  ['nobody their own', { allow_self_approval: false }],
  ['two people', counting('*')],
  ['two of dba', counting('dba')],
];

/** Somebody, and what the specification looks at. */
interface Person {
  readonly name: string;
  readonly key: string;
  readonly id: string;
  /** A human of the project whose key may decide. */
  readonly decides: boolean;
  readonly isOfDba?: boolean;
  readonly mayBreakGlass?: boolean;
}

const ASKED = ['a service', 'olga'] as const;

type Scopes = InputOf<typeof createApiKey>['scopes'];

async function keyOf(ctx: VerbContext, scopes: Scopes): Promise<string> {
  const draft = { principal_id: ctx.actor.id, name: 'key', rate: RATE, scopes, can_decide: true };
  return (await apiKey.create(ctx, createApiKey.input.parse(draft))).value;
}

async function human(
  world: HttpWorld,
  { mayBreakGlass = false, isOfDba = false, name }: Pick<Person, 'name' | 'mayBreakGlass' | 'isOfDba'>,
): Promise<Person> {
  const scopes: Scopes = mayBreakGlass ? ['execution', 'break_glass'] : ['execution'];
  const first = await newPerson(world, {
    name,
    scopes: [...scopes, 'management'],
    groups: isOfDba ? ['dba'] : [],
  });
  return { name, id: first.actor.id, key: await keyOf(first, scopes), decides: true, mayBreakGlass, isOfDba };
}

/** Everybody who tries; Olga asks for calls herself, with the key that she tries with. */
const gatherPeople = async (world: HttpWorld): Promise<readonly Person[]> => [
  await human(world, { name: 'ada' }),
  await human(world, { name: 'dora', mayBreakGlass: true, isOfDba: true }),
  await human(world, { name: 'dario', isOfDba: true }),
  await human(world, { name: 'olga', mayBreakGlass: true }),
  { name: 'a service', key: world.seed.keys.service, id: world.service.actor.id, decides: false },
  { name: 'a stranger', key: world.seed.keys.other_project, id: world.foreigner.actor.id, decides: false },
];

/** The room in which a call waits: a new one for each decision that counted. */
function waitingRoom(world: HttpWorld, people: readonly Person[]) {
  const open = new Map<string, ApprovalRecord>();
  const read = async (id: ApprovalRecord['id']): Promise<ApprovalRecord> => {
    const row = await world.store.read.approvals.get(world.operator.projectId, id);
    if (!row) throw new Error(`approval ${id} is gone`);
    return row;
  };
  const ask = async (who: string): Promise<ApprovalRecord> => {
    const key = people.find(({ name }) => name === who)?.key ?? '';
    const { approval } = await world.invoke({ tool: 'demo_effect' }, { key });
    return read(ApprovalId.parse(approval?.id));
  };
  return {
    /** A call that waits for its first decision. */
    take: async (who: string): Promise<ApprovalRecord> => {
      const known = open.get(who);
      const fresh = known && (await read(known.id)).decisions.length === 0;
      const row = fresh ? known : await ask(who);
      open.set(who, row);
      return row;
    },
    decisionsOf: async ({ id }: ApprovalRecord): Promise<number> => (await read(id)).decisions.length,
  };
}

type Room = ReturnType<typeof waitingRoom>;

interface Attempt {
  readonly world: HttpWorld;
  readonly room: Room;
  readonly row: ApprovalRecord;
}

/** Votes by a link, as far as one is to be had; then both whose vote it was try again. */
async function byLink({ world, row }: Attempt, minter: Person, reviewer: Person): Promise<readonly number[]> {
  const path = `/v1/exec/approvals/${row.id}/`;
  const minted = await world.call(`POST ${path}links`, { key: minter.key, body: { reviewer: reviewer.id } });
  if (minted.status !== 201) return [minted.status];
  const browser = testBrowser(world);
  const review = await openLinkAt(browser, pathOf(ApprovalLink.parse(await minted.json())));
  const page = await (await browser.open(review)).text();
  const voted = await browser.send(`${review}/approve`, hiddenFields(page, `${review}/approve`));
  const again = [minter, reviewer].map(({ key }) => world.call(`POST ${path}approve`, { key, body: {} }));
  return [voted.status, ...(await Promise.all(again)).map(({ status }) => status)];
}

/** Whether the vote of a link counts, as the specification says. */
function linkCounts(gate: string, asked: string, [minter, reviewer]: readonly [Person, Person]): boolean {
  if (gate === 'restricted') return false;
  const counts = gate !== 'two of dba' || minter.isOfDba === true;
  const own = gate === 'nobody their own' && (minter.name === asked || reviewer.name === asked);
  return minter.decides && reviewer.decides && counts && !own;
}

/** Everything with everything, over the call of each who asks. */
const triplesOf = <One, Two>(ones: readonly One[], twos: readonly Two[]) =>
  ASKED.flatMap((asked) => ones.flatMap((one) => twos.map((two) => [asked, one, two] as const)));

const worldUnder = (rules: Rules, run: (world: HttpWorld, people: readonly Person[]) => Promise<void>) =>
  inHttpWorld(async (world) => {
    const people = await gatherPeople(world);
    await policy.put(world.operator, putPolicy.input.parse(rules));
    await run(world, people);
  });

test.each(GATES)(
  'under the policy %s, a link counts once, for whom the specification says, whoever made and whoever got it',
  { timeout: TIMEOUT_MS },
  (gate, rules) =>
    worldUnder(rules, async (world, people) => {
      const room = waitingRoom(world, people);
      const wrong = [];
      for (const [asked, minter, reviewer] of triplesOf(people, people)) {
        const row = await room.take(asked);
        const [first = 0, ...more] = await byLink({ world, room, row }, minter, reviewer);
        const counted = await room.decisionsOf(row);
        const expected = linkCounts(gate, asked, [minter, reviewer]);
        const isRight = first < 300 === expected && counted === Number(expected);
        if (!isRight || more.some((status) => status < 400))
          wrong.push({ asked, minter: minter.name, reviewer: reviewer.name, first, more, counted });
      }
      expect(wrong).toEqual([]);
    }),
);

const WAYS = ['rest', 'cli', 'mcp', 'page'] as const;
type Way = (typeof WAYS)[number];

async function breakGlass({ world, row }: Attempt, who: Person, way: Way): Promise<number> {
  if (way !== 'page') {
    const headers = { 'x-xem-surface': way };
    const body = { reason: 'it burns', call_sha256: row.callSha256 };
    const line = `POST /v1/exec/approvals/${row.id}/break-glass`;
    return (await world.call(line, { key: who.key, body, headers })).status;
  }
  const browser = testBrowser(world);
  await browser.signIn(who.key);
  const session = hiddenFields(await (await browser.open('/ops')).text(), '/sign-out');
  const fields = { ...session, reason: 'it burns', call_sha256: row.callSha256 };
  return (await browser.send(`/approvals/${row.id}/break-glass`, fields)).status;
}

/** Whether somebody may break the glass, as the specification says. */
function mayBreak(gate: string, asked: string, [who, way]: readonly [Person, Way]): boolean {
  const proved = gate !== 'restricted' || way === 'page';
  const model = way === 'mcp';
  return who.decides && who.mayBreakGlass === true && proved && !model && who.name !== asked;
}

test.each(GATES)(
  'under the policy %s, the glass is broken by those whom the specification lets, by every route',
  { timeout: TIMEOUT_MS },
  (gate, rules) =>
    worldUnder(rules, async (world, people) => {
      const room = waitingRoom(world, people);
      const wrong = [];
      for (const [asked, who, way] of triplesOf(people, WAYS)) {
        const row = await room.take(asked);
        const status = await breakGlass({ world, room, row }, who, way);
        const counted = await room.decisionsOf(row);
        const expected = mayBreak(gate, asked, [who, way]);
        if (status < 400 !== expected || counted !== Number(expected))
          wrong.push({ asked, who: who.name, way, status, counted });
      }
      expect(wrong).toEqual([]);
    }),
);

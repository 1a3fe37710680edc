import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curveKeyPair } from 'zeromq';
import { hashOf, sha256 } from './canonical-json.ts';
import { HEARD, type Frame } from './frame.ts';
import { readJoinKey } from './join-key.ts';
import { claimBytes, signerOf, type Signer } from './keys.ts';
import { openLine, type CurveKeys } from './line.ts';
import type { Manifest } from './manifest.ts';
import * as is from './shape.ts';
import type { Surroundings } from './surroundings.ts';

const ANSWER_MS = 2000;
const PAUSES = 8;

const enrolled = is.shape({
  v: is.exactly(1),
  ok: is.exactly(true),
  agent_id: is.text,
  project_id: is.text,
  data_endpoints: is.list(is.text),
  router_curve_key: is.text,
  router_signing_key: is.text,
  lease_ttl_ms: is.whole,
  lease_renewal_interval_ms: is.whole,
  bindings: is.list(is.object),
});

type Enrolled = ReturnType<typeof enrolled>;

/** Who an agent is, to itself and to its router. */
export interface Identity {
  readonly curve: CurveKeys;
  readonly signer: Signer;
  readonly journalId: string;
  readonly enrolled: Enrolled;
}

const HOST = {
  os: 'linux',
  arch: 'x64',
  kernel: 'none',
  hostname: 'elsewhere',
  node_version: '24.0.0',
  agent_version: '9.9.9',
  providers: [],
  sandbox: [],
  limits: { max_concurrent_executions: 4, memory_bytes: null, cpus: 1 },
};

/** What the agent tells of its machine. */
export const host = () => HOST;

const kept = is.shape({
  curve: is.shape({ publicKey: is.text, secretKey: is.text }),
  seed: is.text,
  journalId: is.text,
  enrolled: is.maybe(enrolled),
});

type Kept = ReturnType<typeof kept>;

interface Applying {
  readonly dir: string;
  readonly joinKey: string;
  readonly name: string;
  readonly manifest: Manifest;
}

function keys(path: string, around: Surroundings): Kept {
  if (existsSync(path)) return kept(JSON.parse(readFileSync(path, 'utf8')));
  const seed = Buffer.from(around.bytes(32)).toString('hex');
  const journalId = Buffer.from(around.bytes(12)).toString('hex');
  const made = { curve: curveKeyPair(), seed, journalId, enrolled: undefined };
  keep(path, made);
  return made;
}

const keep = (path: string, identity: Kept): void =>
  writeFileSync(path, JSON.stringify(identity), { mode: 0o600 });

/** Reads who the agent is, or enrols it with its join key. @throws Error with the router's code */
export async function identify(applying: Applying, around: Surroundings): Promise<Identity> {
  const path = join(applying.dir, 'identity.json');
  const known = keys(path, around);
  const signer = signerOf(Buffer.from(known.seed, 'hex'));
  const { curve, journalId } = known;
  const answer = known.enrolled ?? (await enrol({ ...applying, curve, signer }, around));
  keep(path, { ...known, enrolled: answer });
  return { curve, signer, journalId, enrolled: answer };
}

type Asking = Applying & Pick<Identity, 'curve' | 'signer'>;

function request({ joinKey, name, curve, signer, manifest }: Asking): Frame {
  const said = {
    registration_name: name,
    curve_public_key: curve.publicKey,
    signing_public_key: signer.publicKey,
  };
  const claim = {
    ctx: 'xem/enroll/1',
    join_key_sha256: sha256(joinKey),
    ...said,
    manifest_hash: hashOf(manifest),
  };
  const sig = signer.sign(claimBytes(claim));
  const body = { v: 1, join_key: joinKey, ...said, agent_version: '9.9.9', host: HOST, manifest, sig };
  return { kind: 'enroll', body };
}

async function enrol(asking: Asking, around: Surroundings): Promise<Enrolled> {
  const { router } = readJoinKey(asking.joinKey);
  for (let round = 1; round <= PAUSES; round += 1) {
    const body = await askOnce(asking, around, round * ANSWER_MS);
    if (body?.['ok'] === false) throw new Error(`${String(body['code'])}: ${String(body['message'])}`);
    if (body) return pinned(enrolled(body), router);
  }
  throw new Error('the router does not answer');
}

function pinned(answer: Enrolled, router: ReturnType<typeof readJoinKey>['router']): Enrolled {
  if (answer.router_curve_key !== router.curve_key || answer.router_signing_key !== router.signing_key)
    throw new Error('another router answered');
  return answer;
}

/** Sends the request over a connection of its own; null when no answer came in time. */
function askOnce(asking: Asking, around: Surroundings, waitMs: number): Promise<Frame['body'] | null> {
  const { router } = readJoinKey(asking.joinKey);
  return new Promise((resolve) => {
    const line = openLine({
      endpoint: router.enroll_endpoint,
      routerCurveKey: router.curve_key,
      curve: asking.curve,
      onFrame: ({ kind, body }) => {
        if (kind !== 'enrolled') return;
        resolve(HEARD.enrolled(body));
        callOff();
        line.close();
      },
      onLost: () => undefined,
    });
    const callOff = around.after(waitMs, () => {
      line.close();
      resolve(null);
    });
    line.send(request(asking));
  });
}

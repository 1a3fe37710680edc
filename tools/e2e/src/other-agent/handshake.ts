import { hashOf } from './canonical-json.ts';
import { HEARD, type Frame, type Welcome } from './frame.ts';
import { host, type Identity } from './identity.ts';
import { claimBytes, isSigned } from './keys.ts';
import type { Manifest } from './manifest.ts';
import type { Row } from './journal.ts';
import type { Surroundings } from './surroundings.ts';

interface Greeting {
  readonly identity: Identity;
  readonly manifest: Manifest;
  readonly around: Surroundings;
  readonly send: (frame: Frame) => void;
  readonly open: () => readonly Row[];
}

/** A session that the router has proved to be its own. */
export interface Opened {
  readonly welcome: Welcome;
  /** Milliseconds to add to our clock for the router's time. */
  readonly ahead: number;
  /** When `hello` went out, by our clock. */
  readonly helloAt: number;
}

/** Says who we are; answers a reader of frames that gives the session once the router has proved itself. */
export function greet({ identity, manifest, around, send, open }: Greeting): (frame: Frame) => Opened | null {
  const { enrolled, curve, signer, journalId } = identity;
  const agentNonce = Buffer.from(around.bytes(32)).toString('base64url');
  let claim = {};
  let ahead = 0;
  let helloAt = 0;

  const sayHello = (body: Frame['body']): void => {
    const { router_nonce: routerNonce, router_time: routerTime } = HEARD.challenge(body);
    helloAt = around.monotonic();
    ahead = routerTime - helloAt;
    claim = {
      agent_id: enrolled.agent_id,
      agent_nonce: agentNonce,
      router_nonce: routerNonce,
      agent_curve_key: curve.publicKey,
      router_curve_key: enrolled.router_curve_key,
    };
    const hello = {
      v: 1,
      agent_id: enrolled.agent_id,
      journal_id: journalId,
      agent_version: '9.9.9',
      manifest_version: manifest.manifest_version,
      manifest_hash: hashOf(manifest),
      host: host(),
      unacknowledged: open().map(({ execution_id: id, attempt, state }) => ({
        execution_id: id,
        attempt,
        state,
      })),
      sig: signer.sign(claimBytes({ ctx: 'xem/hello/1', ...claim })),
    };
    send({ kind: 'hello', body: hello });
  };

  const believe = (body: Frame['body']): Opened => {
    const welcome = HEARD.welcome(body);
    const { session, epoch, sig } = welcome;
    const said = claimBytes({ ctx: 'xem/welcome/1', ...claim, session, epoch });
    if (!isSigned(said, { sig, by: enrolled.router_signing_key }))
      throw new Error('this is not the router of our join key');
    return { welcome, ahead, helloAt };
  };

  send({ kind: 'connect', body: { v: 1, agent_nonce: agentNonce } });
  return ({ kind, body }) => {
    if (kind === 'challenge') sayHello(body);
    return kind === 'welcome' ? believe(body) : null;
  };
}

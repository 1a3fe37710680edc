import * as is from './shape.ts';

const claims = is.members({
  iss: is.text,
  aud: is.exactly('xem-enroll'),
  role: is.exactly('xem'),
  jti: is.text,
  project: is.text,
  name: is.maybe(is.text),
  region: is.maybe(is.text),
  workspaces: is.list(is.text),
  replace: is.flag,
  uses: is.whole,
  router: is.members({ enroll_endpoint: is.text, curve_key: is.text, signing_key: is.text }),
  iat: is.whole,
  exp: is.whole,
});

/** What a join key tells its holder. */
export type JoinKeyClaims = ReturnType<typeof claims>;

/** Reads the payload of a join key; its signature is for the router to check. @throws when it is none */
export function readJoinKey(key: string): JoinKeyClaims {
  const [, payload = ''] = key.split('.');
  if (!key.startsWith('xjk_')) throw new TypeError('a join key begins with xjk_');
  return claims(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
}

import { hashJson, sha256Hex, type EnrollBody, type EnrollClaim } from '@xem/protocol';

/** The claim of a request to enrol. @throws TypeError when the manifest has no JSON form */
export const enrollClaim = (body: Omit<EnrollBody, 'v' | 'sig'>): EnrollClaim => ({
  ctx: 'xem/enroll/1',
  join_key_sha256: sha256Hex(body.join_key),
  registration_name: body.registration_name,
  curve_public_key: body.curve_public_key,
  signing_public_key: body.signing_public_key,
  manifest_hash: hashJson(body.manifest),
});

import { z } from 'zod';
import { ProjectId, Sha256, Timestamp } from '../id.ts';

/** That the chain of a project had this entry at this place, as the router said it then. */
export const HeadClaim = z.strictObject({
  ctx: z.literal('xem/head/1'),
  project_id: ProjectId,
  seq: z.int().min(1),
  hash: Sha256,
  at: Timestamp,
});
export type HeadClaim = z.infer<typeof HeadClaim>;

/** The claim with the router's Ed25519 signature over its RFC 8785 form, as base64url. */
export const SignedHead = z
  .strictObject({ ...HeadClaim.shape, sig: z.string().regex(/^[A-Za-z0-9_-]{86}$/) })
  .meta({ id: 'SignedHead' });
export type SignedHead = z.infer<typeof SignedHead>;

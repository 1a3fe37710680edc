import { z } from 'zod';
import { ExecutionId, WorkspaceId } from '../id.ts';

/** Version of the mesh protocol that these frames speak. */
export const PROTOCOL_VERSION = 1;

/** All parts of a frame together are at most this many bytes. */
export const FRAME_BYTES_MAX = 1024 * 1024;

/** A body nests at most this deep. */
export const FRAME_DEPTH_MAX = 64;

/** The bytes of output an agent may send before it is given more credit. */
export const CREDIT_WINDOW_BYTES = 256 * 1024;

/** Raw bytes in a body. */
export const Bytes = z.instanceof(Uint8Array);

/** An Ed25519 signature: 64 bytes. */
export const Signature = Bytes.refine((bytes) => bytes.byteLength === 64, 'must be 64 bytes');

/** 32 random bytes as base64url without padding. */
export const Nonce = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 43 base64url characters');

/** The name of a session, made by the router. */
export const SessionName = z.string().regex(/^[0-9a-f]{24}$/, 'must be 24 hex digits');

/** A workspace an agent may serve, as the router tells it. */
export const BindingNotice = z.strictObject({ workspace_id: WorkspaceId, type: z.string().nullable() });
export type BindingNotice = z.infer<typeof BindingNotice>;

/** One attempt, the key of everything that is said about a run. */
export const AttemptKey = z.strictObject({ execution_id: ExecutionId, attempt: z.int().min(1) });
export type AttemptKey = z.infer<typeof AttemptKey>;

/** The name of an attempt, in maps and in the file system. */
export const attemptName = ({ execution_id, attempt }: AttemptKey): string => `${execution_id}.${attempt}`;

/** How many bytes of each stream of an attempt the router has stored. */
export const StoredOutput = z.strictObject({
  ...AttemptKey.shape,
  stdout: z.int().min(0),
  stderr: z.int().min(0),
});
export type StoredOutput = z.infer<typeof StoredOutput>;

/** What is the same in every body: the version of the protocol. */
export const V1 = { v: z.literal(PROTOCOL_VERSION) };

export { openAgentLink } from './agent/agent-link.ts';
export type {
  AgentLink,
  AgentLinkOptions,
  EnrollDraft,
  EnrollOptions,
  HelloDraft,
  LinkLoss,
  LinkSend,
  LinkState,
  Rejection,
  RouterTime,
} from './agent/contract.ts';
export { enrollOnce } from './agent/enroll-once.ts';
export { MeshUnreachable } from './agent/unreachable.ts';
export { curvePairFromSecret, generateCurvePair, type CurvePair } from './key/curve.ts';
export { curveFingerprint, signingFingerprint } from './key/fingerprint.ts';
export {
  readOrCreateSecret,
  readSecret,
  removeSecret,
  replaceSecret,
  SecretFileError,
} from './key/secret-file.ts';
export {
  signClaim,
  signerFromSeed,
  verifyClaim,
  verifySignature,
  type Claim,
  type SignedClaim,
  type Signer,
} from './key/signer.ts';
export type {
  AgentKeys,
  EnrollReceived,
  HelloReceived,
  MeshLimits,
  MeshSession,
  Refusal,
  RouterMesh,
  RouterMeshHandlers,
  RouterMeshOptions,
  SendOutcome,
  SessionEnd,
  SessionStats,
  Violation,
  WelcomeDraft,
} from './router/contract.ts';
export { openRouterMesh } from './router/router-mesh.ts';
export type { AgentFrame, AgentFrameKind, RouterFrame, RouterFrameKind } from './wire/direction.ts';
export { PAYLOAD_BYTES_MAX } from './wire/frame-codec.ts';
export { crashingNetwork } from './wire/crash-points.ts';
export type { MeshNetwork } from './wire/transport.ts';

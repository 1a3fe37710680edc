export type {
  AgentLink,
  AgentLinkOptions,
  EnrollDraft,
  EnrollOnce,
  EnrollOptions,
  HelloDraft,
  LinkLoss,
  LinkSend,
  LinkState,
  OpenAgentLink,
  Rejection,
  RouterTime,
} from './agent/contract.ts';
export { curvePairFromSecret, generateCurvePair, type CurvePair } from './key/curve.ts';
export { curveFingerprint, signingFingerprint } from './key/fingerprint.ts';
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
  OpenRouterMesh,
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
export type { AgentFrame, AgentFrameKind, RouterFrame, RouterFrameKind } from './wire/direction.ts';

import { FRAME_BYTES_MAX } from '@xem/protocol';
import type { MeshLimits } from './contract.ts';

/** The protocol's limits. */
export const MESH_LIMITS: MeshLimits = {
  strangers: 10_000,
  helloMs: 10_000,
  badFrames: 100,
  queueBytes: FRAME_BYTES_MAX,
  enrollPerSecond: 20,
  enrollBurst: 200,
};

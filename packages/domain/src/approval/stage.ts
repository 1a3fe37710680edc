import type { ApprovalRecord, ApprovalStage } from '@xem/store';

/** The stage an approval is in. */
interface PresentStage extends ApprovalStage {
  readonly index: number;
}

/**
 * The stage an approval is in at a time: the end of one counts from its moment on, also before the deadline loop came
 * by. What was decided stays in the stage that it was decided in.
 */
export function stageAt(
  { status, stages, stageIndex, stageExpiresAt }: ApprovalRecord,
  now: number,
): PresentStage {
  const behind = stages.findIndex(({ expiresAt }, at) => at > stageIndex && expiresAt > now);
  const index = status === 'pending' && stageExpiresAt <= now && behind !== -1 ? behind : stageIndex;
  return {
    index,
    groups: stages[index]?.groups ?? [],
    expiresAt: stages[index]?.expiresAt ?? stageExpiresAt,
  };
}

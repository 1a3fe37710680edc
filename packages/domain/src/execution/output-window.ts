import { CREDIT_WINDOW_BYTES, type ExecutionId } from '@xem/protocol';

/** A piece of output on its way to the store. */
interface Piece {
  /** The session it came in: in a new one an agent begins with a full window. */
  readonly session: string;
  readonly executionId: ExecutionId;
  readonly bytes: number;
}

/**
 * The output that came and is not stored yet. An agent that keeps to its credit never has more of an attempt on the
 * way than the window, so that what waits in memory is bounded whatever an agent sends.
 */
export interface OutputWindow {
  /** Counts a piece; false, and nothing counted, when its agent had no credit for it. */
  take(piece: Piece): boolean;
  /** The piece is stored, or given up. */
  release(piece: Piece): void;
}

const keyOf = ({ session, executionId }: Piece): string => `${session} ${executionId}`;

/** A window for each attempt of a session. */
export function createOutputWindow(): OutputWindow {
  const onTheWay = new Map<string, number>();
  return {
    take: (piece) => {
      const bytes = (onTheWay.get(keyOf(piece)) ?? 0) + piece.bytes;
      if (bytes > CREDIT_WINDOW_BYTES) return false;
      onTheWay.set(keyOf(piece), bytes);
      return true;
    },
    release: (piece) => {
      const bytes = (onTheWay.get(keyOf(piece)) ?? 0) - piece.bytes;
      if (bytes > 0) onTheWay.set(keyOf(piece), bytes);
      else onTheWay.delete(keyOf(piece));
    },
  };
}

import { z } from 'zod';
import { ExecutionId } from '../id.ts';
import { STREAM_EVENTS } from '../stream.ts';
import { OutputStream } from './execution.ts';
import { Invocation } from './invocation.ts';

/** A chunk of output; exactly one of `text` and `base64` is there, the latter when the chunk is not valid UTF-8. */
export const OutputEvent = z
  .object({
    execution_id: ExecutionId,
    attempt: z.int().min(1),
    stream: OutputStream,
    offset: z.int().min(0),
    bytes: z.int().min(1),
    text: z.string().optional(),
    base64: z.string().optional(),
  })
  .meta({ id: 'OutputEvent' });
export type OutputEvent = z.infer<typeof OutputEvent>;

/** That retention removed what a follower asked for; the stream goes on from `first_seq`. */
export const GapEvent = z.object({ after_seq: z.int(), first_seq: z.int() }).meta({ id: 'GapEvent' });
export type GapEvent = z.infer<typeof GapEvent>;

/** Server-sent events. Names beside the types of journal entries: see `STREAM_EVENTS`. */
export const StreamEvents = z.string().meta({ id: 'StreamEvents', description: 'text/event-stream' });

/** What the stream of one invocation sends beside journal entries and its `error`. */
export const INVOCATION_EVENTS = {
  [STREAM_EVENTS.snapshot]: Invocation,
  [STREAM_EVENTS.output]: OutputEvent,
  [STREAM_EVENTS.gap]: GapEvent,
  [STREAM_EVENTS.settled]: Invocation,
} as const;

/** What the stream of a project sends beside journal entries and its `error`. */
export const PROJECT_EVENTS = { [STREAM_EVENTS.gap]: GapEvent } as const;

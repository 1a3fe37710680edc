import type { z } from 'zod';
import { EnrollBody, EnrolledBody } from './enrollment.ts';
import { AcceptBody, CancelBody, DispatchBody, RefuseBody } from './order.ts';
import { CreditBody, OutputBody, ResultAckBody, ResultBody } from './outcome.ts';
import {
  ChallengeBody,
  ConflictBody,
  ConnectBody,
  GoodbyeBody,
  HelloBody,
  LeaseAckBody,
  LeaseRenewalBody,
  PauseBody,
  RefusedBody,
  RotateAckBody,
  RotateCommitBody,
  RotateCurveBody,
  WelcomeBody,
} from './session.ts';

/** What a connection must have shown before a frame is read: nothing, an enrolled CURVE key, or a session. */
export type AuthLevel = 'none' | 'enrolled' | 'session';

/** One kind of frame. */
export interface FrameRow {
  readonly socket: 'enrollment' | 'data';
  readonly from: readonly ('agent' | 'router')[];
  readonly auth: AuthLevel;
  readonly body: z.ZodType;
  readonly payload: boolean;
}

const toRouter = { socket: 'data', from: ['agent'], auth: 'session', payload: false } as const;
const toAgent = { socket: 'data', from: ['router'], auth: 'session', payload: false } as const;

/** The table of frames: `[kind, body, payload?]` on the wire, `body` in MessagePack. */
export const FRAMES = {
  enroll: { socket: 'enrollment', from: ['agent'], auth: 'none', body: EnrollBody, payload: false },
  enrolled: { socket: 'enrollment', from: ['router'], auth: 'none', body: EnrolledBody, payload: false },
  connect: { ...toRouter, auth: 'enrolled', body: ConnectBody },
  challenge: { ...toAgent, auth: 'enrolled', body: ChallengeBody },
  hello: { ...toRouter, auth: 'enrolled', body: HelloBody },
  welcome: { ...toAgent, auth: 'enrolled', body: WelcomeBody },
  refused: { ...toAgent, auth: 'enrolled', body: RefusedBody },
  goodbye: { ...toAgent, from: ['agent', 'router'], body: GoodbyeBody },
  lease_renewal: { ...toRouter, body: LeaseRenewalBody },
  lease_ack: { ...toAgent, body: LeaseAckBody },
  dispatch: { ...toAgent, body: DispatchBody },
  accept: { ...toRouter, body: AcceptBody },
  refuse: { ...toRouter, body: RefuseBody },
  output: { ...toRouter, body: OutputBody, payload: true },
  credit: { ...toAgent, body: CreditBody },
  result: { ...toRouter, body: ResultBody },
  result_ack: { ...toAgent, body: ResultAckBody },
  cancel: { ...toAgent, body: CancelBody },
  pause: { ...toAgent, body: PauseBody },
  resume: { ...toAgent, body: PauseBody },
  conflict: { ...toAgent, body: ConflictBody },
  rotate_curve: { ...toAgent, body: RotateCurveBody },
  rotate_ack: { ...toRouter, body: RotateAckBody },
  rotate_commit: { ...toAgent, body: RotateCommitBody },
} as const satisfies Record<string, FrameRow>;

export type FrameKind = keyof typeof FRAMES;

/** The body of a kind of frame. */
export type FrameBody<Kind extends FrameKind> = z.output<(typeof FRAMES)[Kind]['body']>;

/** A frame as both ends handle it. */
export type Frame<Kind extends FrameKind = FrameKind> = {
  [K in Kind]: { readonly kind: K; readonly body: FrameBody<K>; readonly payload?: Uint8Array };
}[Kind];

/** Tells whether a word is a kind of frame. */
export const isFrameKind = (word: string): word is FrameKind => Object.hasOwn(FRAMES, word);

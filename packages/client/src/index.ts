export type { Answer, AnswerHeaders } from './answer.ts';
export {
  createClient,
  type CallOptions,
  type Client,
  type ClientOptions,
  type FollowOptions,
  type JournalPosition,
} from './client.ts';
export { ClientError, type FailureKind } from './client-error.ts';
export type { InvocationEvent, JournalEvent, OutputPiece } from './follow.ts';
export type { RawOptions, RawOutput } from './raw.ts';
export type { WireRequest } from './request.ts';
export { ROUTES, type Input, type OperationId, type Output, type Route, type Routes } from './route.ts';
export type { Fetch } from './wire.ts';

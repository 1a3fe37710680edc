import { FRAME_BYTES_MAX } from '@xem/protocol';

/** Milliseconds: a silent router is noticed within `HEARTBEAT_MS + HEARTBEAT_TIMEOUT_MS`, a silent agent within the latter. */
const HEARTBEAT_MS = 1000;
const HEARTBEAT_TIMEOUT_MS = 3000;

/** What both ends of a connection agree on. */
const COMMON_OPTIONS = {
  linger: 0,
  maxMessageSize: FRAME_BYTES_MAX,
  handshakeInterval: 10_000,
} as const;

/**
 * `handover` stays off for ever: with it a peer takes over another's routing id and receives its orders. A router sends
 * no heartbeats: libzmq aborts the process when one is due on a connection that broke while messages waited on it to be
 * read (`!_io_error`, libzmq issues 4364 and 4767). Its agents' heartbeats carry how long they count for it.
 */
export const ROUTER_OPTIONS = {
  ...COMMON_OPTIONS,
  curveServer: true,
  zapEnforceDomain: true,
  handover: false,
  mandatory: true,
  sendTimeout: 0,
  backlog: 4096,
} as const;

/** Connections a router can hold, and its own sockets. */
export const ROUTER_SOCKETS_MAX = 32_768;

/** A connection is made once and never again underneath a session: reconnecting is the link's to decide. */
export const DEALER_OPTIONS = {
  ...COMMON_OPTIONS,
  reconnectInterval: -1,
  connectTimeout: 5000,
  heartbeatInterval: HEARTBEAT_MS,
  heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
  heartbeatTimeToLive: HEARTBEAT_TIMEOUT_MS,
  sendHighWaterMark: 256,
} as const;

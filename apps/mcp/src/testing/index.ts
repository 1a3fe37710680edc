export { CLIENT_KINDS, connectHttp, connectStdio, type AnyClient, type ClientKind } from './clients.ts';

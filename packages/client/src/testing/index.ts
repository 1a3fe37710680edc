export * from './samples.ts';
export { json, refuse, startServer, type Handler, type Received, type TestServer } from './server.ts';
export { sendEvent, startStream } from './stream.ts';

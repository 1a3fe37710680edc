export { createHttpApp, type HttpApp } from './http/app.ts';
export type { HttpOptions } from './http/edge.ts';
export { serveHttp, type HttpServer } from './http/server.ts';

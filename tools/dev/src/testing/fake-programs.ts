import { fileURLToPath } from 'node:url';
import type { Programs } from '../programs.ts';

/** Small programs that keep the contract of a service and do nothing else. */
export const FAKE_PROGRAMS: Programs = {
  admin: fileURLToPath(new URL('fake-admin.ts', import.meta.url)),
  router: fileURLToPath(new URL('fake-router.ts', import.meta.url)),
  agent: fileURLToPath(new URL('fake-agent.ts', import.meta.url)),
  mcp: fileURLToPath(new URL('fake-mcp.ts', import.meta.url)),
};

import { fileURLToPath } from 'node:url';
import type { Programs } from '../programs.ts';

const beside = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Small programs that keep the contract of a service and do nothing else. */
export const FAKE_PROGRAMS: Programs = {
  admin: beside('fake-admin.ts'),
  router: beside('fake-router.ts'),
  agent: beside('fake-agent.ts'),
  mcp: beside('fake-mcp.ts'),
};

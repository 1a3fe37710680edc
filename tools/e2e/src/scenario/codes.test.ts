import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isErrorCode, type ErrorCode } from '@xem/errors';
import { connectStdio } from '@xem/mcp/testing';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { expectEnd, expectRefusal, expectRefusedOverMcp, expectShutOut } from '../contract/expect-code.ts';
import { groundOf } from '../contract/ground.ts';
import { PROVOCATIONS } from '../contract/provocation/table.ts';
import { ENDING_PROVOCATIONS, ENDINGS_BUNDLE } from '../contract/provocation/ending.ts';
import { ENROLMENT_PROVOCATIONS } from '../contract/provocation/enrolment.ts';
import { call } from '../mesh/api.ts';
import { startOwnAgent, type OwnAgent } from '../mesh/own-agent.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh({ XEM_LEASE_RENEWAL_INTERVAL_MS: '500', XEM_LOST_GRACE_MS: '500' });
let own: OwnAgent;

beforeAll(async () => {
  const toolsDir = join(mesh().dir, 'endings');
  mkdirSync(join(toolsDir, 'endings'), { recursive: true });
  writeFileSync(join(toolsDir, 'endings', 'bundle.yaml'), ENDINGS_BUNDLE);
  own = await startOwnAgent(mesh(), { name: 'endings', toolsDir });
});
afterAll(() => own.end('SIGKILL'));

const codeIn = (name: string): ErrorCode => {
  if (isErrorCode(name)) return name;
  throw new Error(`${name} is no code`);
};

for (const [name, { param, ask }] of Object.entries(PROVOCATIONS)) {
  proves('codes.http', name, async () => {
    expectRefusal(await ask(groundOf(mesh(), onTestFinished)), codeIn(name), param);
  });
}

proves('codes.http', 'exec_tool_not_found, of the catalogue', async () => {
  const answer = await call(mesh(), { path: '/v1/exec/tools/nobody_has_this' });
  expectRefusal(answer, 'exec_tool_not_found');
  expect(answer.status).toBe(404);
});

proves('codes.http', 'tool_not_mcp_visible, over MCP', async () => {
  const { url, facts } = mesh();
  const { keys, workspace_id: workspace } = facts;
  const env = { XEROTIER_BASE_URL: url, XEROTIER_API_KEY: keys.service, XEM_WORKSPACE: workspace };
  await using client = await connectStdio('auto', { env });
  expectRefusedOverMcp(
    await client.call('exec.invoke', { tool: 'ends_killed', args: {} }),
    'tool_not_mcp_visible',
  );
});

for (const [name, apply] of Object.entries(ENROLMENT_PROVOCATIONS)) {
  proves('codes.enrolment', name, async () => {
    expectShutOut(await apply(groundOf(mesh(), onTestFinished)), codeIn(name));
  });
}

for (const [name, provoke] of Object.entries(ENDING_PROVOCATIONS)) {
  proves('codes.ending', name, async () => {
    expectEnd(await provoke({ ...groundOf(mesh(), onTestFinished), own }), codeIn(name));
  });
}

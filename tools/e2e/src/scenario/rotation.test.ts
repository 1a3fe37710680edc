import { spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, JournalEntry } from '@xem/protocol';
import { expect } from 'vitest';
import { z } from 'zod';
import { call, send } from '../mesh/api.ts';
import { doorIn } from '../mesh/door.ts';
import { ask, execution, reach, settled } from '../mesh/invoke.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { xeroctl } from '../mesh/xeroctl.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();
const MIB = 1024 * 1024;
const FLOOD = fileURLToPath(new URL('../../../../apps/agent/bundles/demo/flood.mjs', import.meta.url));
const Entries = z.object({ data: z.array(JournalEntry) });
const Kept = z.object({ curve_public_key: z.string() });

const agentId = (): string => mesh().facts.agent_ids[0] ?? '';
const stateFile = (name: string): string => join(mesh().dir, 'agent', name);

async function agent(): Promise<Agent> {
  const answer = await call(mesh(), { path: `/v1/exec/agents/${agentId()}` });
  return Agent.parse(answer.body);
}

const rotate = (id = agentId()) =>
  call(mesh(), { method: 'POST', path: `/v1/management/agents/${id}/curve-rotate` });

async function entries(types: string): Promise<readonly JournalEntry[]> {
  const answer = await call(mesh(), { path: `/v1/exec/journal?types=${types}&limit=100` });
  return Entries.parse(answer.body).data;
}

async function fed(hash: Hash, pieces: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** What the tool writes, without a mesh around it. */
const floodHash = (bytes: number): Promise<string> =>
  fed(
    createHash('sha256'),
    spawn(process.execPath, [FLOOD, `${bytes}`, 'binary', 'stdout'], { stdio: ['ignore', 'pipe', 'inherit'] })
      .stdout,
  );

async function rawHash(executionId: string | null): Promise<string> {
  const response = await send(mesh(), { path: `/v1/exec/executions/${executionId}/raw` });
  if (response.body === null) throw new Error('the output has no bytes');
  return fed(createHash('sha256'), response.body);
}

proves(
  'rotation.no-loss',
  'three times in a row under output that flows and a tool that sleeps',
  async () => {
    const bytes = 96 * MIB;
    const before = await agent();
    const door = doorIn(mesh(), 'rotation');
    const calls = await Promise.all([
      ask(mesh(), { tool: 'demo_flood', args: { bytes } }),
      ask(mesh(), { tool: 'door_read', args: door.args }),
    ]);
    for (const { id } of calls) await reach(mesh(), id, ['running', 'completed']);
    const fingerprints = new Set([before.curve_fingerprint]);
    for (let round = 0; round < 3; round += 1) {
      const { stdout } = await xeroctl(mesh(), ['agents', 'curve-rotate', agentId(), '--wait', '-o', 'json']);
      fingerprints.add(Agent.parse(JSON.parse(String(stdout))).curve_fingerprint);
    }
    expect(fingerprints.size).toBe(4);
    door.open();
    for (const { id } of calls) {
      expect(await settled(mesh(), id)).toMatchObject({ status: 'completed', attempt: 1, error: null });
    }
    const [flood] = calls;
    const { execution_id: executionId } = await settled(mesh(), flood.id);
    const { stdout } = await execution(mesh(), executionId ?? '');
    const expected = await floodHash(bytes);
    expect(stdout).toMatchObject({ bytes, sha256: expected, truncated: false, missing: [] });
    expect(await rawHash(executionId)).toBe(expected);
  },
);

proves(
  'rotation.old-key',
  'the files hold the new key alone, and the journal both fingerprints',
  async () => {
    const before = await agent();
    expect(await rotate(`agt_${'0'.repeat(24)}`)).toMatchObject({ status: 404 });
    expect(await rotate()).toMatchObject({ status: 200, body: { id: agentId(), status: 'online' } });
    await expect.poll(async () => (await agent()).curve_fingerprint).not.toBe(before.curve_fingerprint);
    const after = await agent();
    const [entry] = await entries('agent.key_rotated');
    expect(entry?.data).toMatchObject({
      old_fingerprint: before.curve_fingerprint,
      new_fingerprint: after.curve_fingerprint,
    });
    await expect.poll(() => existsSync(stateFile('agent-curve-key.hex.next'))).toBe(false);
    const { curve_public_key } = Kept.parse(JSON.parse(readFileSync(stateFile('identity.json'), 'utf8')));
    expect(curve_public_key).toHaveLength(40);
    expect(after.signing_fingerprint).toBe(before.signing_fingerprint);
  },
);

import { expect, test } from 'vitest';
import { inHttpWorld, invocationOf } from '../testing/http-world.ts';

const PREFER = { prefer: 'wait=10' };

test('invocation.create answers 201 with its Location', () =>
  inHttpWorld(async ({ call, seed }) => {
    const body = { workspace_id: seed.workspace_id, tool: 'demo_echo', args: { a: 1 } };
    const answer = await call('POST /v1/exec/invocations', { body });
    const made = await invocationOf(answer);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/v1/exec/invocations/${made.id}`);
    expect(made).toMatchObject({ object: 'invocation', args: { a: 1 }, surface: 'rest', status: 'queued' });
    expect(made).not.toHaveProperty('output');
  }));

test('invocation.create keeps the surface and the trace of our own clients', () =>
  inHttpWorld(async ({ invoke }) => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const made = await invoke({}, { headers: { traceparent, 'x-xem-surface': 'cli' } });
    expect(made).toMatchObject({ surface: 'cli', trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' });
  }));

test('invocation.create with a known idempotency key answers 200 and says that it is a replay', () =>
  inHttpWorld(async ({ call, seed }) => {
    const body = { workspace_id: seed.workspace_id, tool: 'demo_echo', args: {} };
    const request = { body, headers: { 'idempotency-key': 'once' } };
    const first = await call('POST /v1/exec/invocations', request);
    const again = await call('POST /v1/exec/invocations', request);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
  }));

test('invocation.create with dry_run answers a plan and no Location', () =>
  inHttpWorld(async ({ call, seed }) => {
    const body = { workspace_id: seed.workspace_id, tool: 'demo_wipe', args: {}, dry_run: true };
    const answer = await call('POST /v1/exec/invocations', { body, headers: PREFER });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('location')).toBeNull();
    expect(await answer.json()).toMatchObject({ object: 'invocation_plan', decision: 'approval' });
  }));

test('invocation.create with Prefer: wait answers the end, output included', () =>
  inHttpWorld(async ({ call, seed, committed, finish }) => {
    const body = { workspace_id: seed.workspace_id, tool: 'demo_echo', args: {} };
    const waiting = call('POST /v1/exec/invocations', { body, headers: PREFER });
    const { subject } = await committed('invocation.created');
    const made = await invocationOf(await call(`GET /v1/exec/invocations/${subject.id}`));
    await finish(made, { stdout: Buffer.from('hello\n') });
    const answer = await waiting;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('preference-applied')).toBe('wait=10');
    expect(await answer.json()).toMatchObject({
      status: 'completed',
      output: { text: 'hello\n', truncated: false },
    });
  }));

test('invocation.create answers 202 with the present state when the wait runs out', () =>
  inHttpWorld(async ({ call, seed, clock, committed }) => {
    const body = { workspace_id: seed.workspace_id, tool: 'demo_echo', args: {} };
    const waiting = call('POST /v1/exec/invocations', { body, headers: { prefer: 'wait=1' } });
    await committed('invocation.created');
    await clock.advance(0);
    await clock.advance(1000);
    const answer = await waiting;
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toMatch(/^\/v1\/exec\/invocations\//);
    expect(await answer.json()).toMatchObject({ status: 'queued', output: null });
  }));

test('invocation.create answers 499 when the call it waits for is cancelled', () =>
  inHttpWorld(async ({ call, seed }) => {
    const body = { workspace_id: seed.workspace_id, tool: 'demo_effect', args: {} };
    const headers = { ...PREFER, 'idempotency-key': 'a' };
    const first = await call('POST /v1/exec/invocations', { body, headers: { 'idempotency-key': 'a' } });
    const { id } = await invocationOf(first);
    const waiting = call('POST /v1/exec/invocations', { body, headers });
    await call(`POST /v1/exec/invocations/${id}/cancel`, { body: { reason: 'enough' } });
    const answer = await waiting;
    expect(answer.status).toBe(499);
    expect(answer.headers.get('location')).toBe(`/v1/exec/invocations/${id}`);
    expect(await answer.json()).toMatchObject({
      error: { code: 'cancelled', type: 'cancelled_error', param: null },
    });
  }));

test('invocation.get with Prefer: wait answers 200 whatever the end', () =>
  inHttpWorld(async ({ call, invoke, clock }) => {
    const { id } = await invoke({ tool: 'demo_effect' });
    const waiting = call(`GET /v1/exec/invocations/${id}`, { headers: PREFER });
    await clock.advance(0);
    await call(`POST /v1/exec/invocations/${id}/cancel`);
    const answer = await waiting;
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'cancelled' });
  }));

test('invocation.get with Prefer: wait answers at once when the call has ended', () =>
  inHttpWorld(async ({ call, invoke, finish }) => {
    const made = await invoke();
    await finish(made, { stdout: Buffer.from([0xff, 0x41]) });
    const answer = await call(`GET /v1/exec/invocations/${made.id}`, { headers: PREFER });
    expect(await answer.json()).toMatchObject({ status: 'completed', output: { text: '\uFFFDA' } });
  }));

test('a client that goes away cancels nothing and frees its waiter', () =>
  inHttpWorld(async ({ call, invoke, clock, services }) => {
    const { id } = await invoke({ tool: 'demo_effect' });
    const client = new AbortController();
    const waiting = call(`GET /v1/exec/invocations/${id}`, {
      headers: { prefer: 'wait=60' },
      signal: client.signal,
    });
    await clock.advance(0);
    client.abort();
    await waiting;
    const after = await services.store.read.invocations.list((await invoke()).project_id, {}, { limit: 10 });
    expect(after.find((row) => row.id === id)).toMatchObject({
      status: 'pending_approval',
      cancelRequestedAt: null,
    });
  }));

test('a router that drains answers waits with what there is, and refuses new requests', () =>
  inHttpWorld(async ({ app, call, invoke, clock }) => {
    const { id } = await invoke({ tool: 'demo_effect' });
    const waiting = call(`GET /v1/exec/invocations/${id}`, { headers: PREFER });
    await clock.advance(0);
    app.drain();
    expect((await waiting).status).toBe(200);
    const refused = await call('GET /v1/whoami');
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
  }));

test('invocation.cancel answers 202 while a running call is being stopped', () =>
  inHttpWorld(async ({ call, invoke, start, finish }) => {
    const made = await invoke();
    await start(made);
    const asked = await call(`POST /v1/exec/invocations/${made.id}/cancel`, { body: {} });
    expect(asked.status).toBe(202);
    expect(await asked.json()).toMatchObject({ status: 'running', cancel_requested_at: expect.any(String) });
    await finish(made, {
      report: { status: 'cancelled', ended_by: 'cancel', exit_code: null, signal: 'SIGTERM' },
    });
    const refused = await call(`POST /v1/exec/invocations/${made.id}/cancel`);
    expect(refused.status).toBe(409);
  }));

test('invocation.cancel answers 200 when the call is cancelled by it', () =>
  inHttpWorld(async ({ call, invoke }) => {
    const { id } = await invoke({ tool: 'demo_effect' });
    const answer = await call(`POST /v1/exec/invocations/${id}/cancel`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'cancelled' });
  }));

test('execution.rerun answers as invocation.create does, with the surface rerun', () =>
  inHttpWorld(async ({ call, invoke, finish }) => {
    const made = await invoke({ args: { a: 1 } });
    await finish(made);
    const answer = await call(`POST /v1/exec/executions/${made.execution_id}/rerun`);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toMatchObject({
      rerun_of: made.execution_id,
      surface: 'rerun',
      args: { a: 1 },
    });
  }));

test('execution.rerun through MCP is a call of a model: the key that asked does not decide it', () =>
  inHttpWorld(async ({ call, invoke, finish, seed }) => {
    const key = seed.keys.operator;
    const made = await invoke({ tool: 'demo_effect' }, { key });
    await call(`POST /v1/exec/approvals/${made.approval?.id}/approve`, { key });
    const ran = await invocationOf(await call(`GET /v1/exec/invocations/${made.id}`));
    await finish(ran);
    const headers = { 'x-xem-surface': 'mcp' };
    const again = await invocationOf(
      await call(`POST /v1/exec/executions/${ran.execution_id}/rerun`, { key, headers }),
    );
    expect(again).toMatchObject({ surface: 'mcp', rerun_of: ran.execution_id });
    const answer = await call(`POST /v1/exec/approvals/${again.approval?.id}/approve`, { key });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: 'approver_not_eligible' } });
  }));

test('a wait ends with a refusal when its key is revoked, and tells nothing of the call', () =>
  inHttpWorld(async ({ call, invoke, seed, service, start, committed }) => {
    const running = await invoke();
    await start(running);
    const waiting = call(`GET /v1/exec/invocations/${running.id}`, { headers: PREFER });
    const revoked = committed('api_key.revoked');
    // Whoever revokes comes later than whoever waits: the wait has begun once this read is answered.
    await call(`GET /v1/exec/invocations/${running.id}`);
    await call(`POST /v1/management/api-keys/${service.keyId}/revoke`, { key: seed.keys.operator });
    await revoked;
    const answer = await waiting;
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'authentication_required' } });
  }));

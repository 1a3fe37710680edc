import { PROCESS_METRICS, PROJECT_METRICS, ROUTER_METRICS } from '@xem/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { inHttpWorld, type HttpWorld } from '../testing/http-world.ts';
import { createMeters } from './meters.ts';

const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name).toSorted();

const valueOf = (text: string, series: string): number =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1],
  );

const namesOf = (...tables: readonly object[]): readonly string[] =>
  tables.flatMap((table) => Object.keys(table)).toSorted();

const read = async (world: HttpWorld, key = world.seed.keys.operator): Promise<string> => {
  const answer = await world.call('GET /metrics', { key });
  expect(answer.status).toBe(200);
  return answer.text();
};

test('meters.ofAll tells the series of the tables and no other', () =>
  inHttpWorld(async (world) => {
    const meters = createMeters(world.services);
    onTestFinished(() => meters.close());
    await world.invoke();
    const { text } = await meters.ofAll();
    expect(namesIn(text)).toEqual(namesOf(PROJECT_METRICS, ROUTER_METRICS, PROCESS_METRICS));
  }));

test('GET /metrics counts what happened in the project of the key', () =>
  inHttpWorld(async (world) => {
    const call = await world.invoke();
    await world.start(call);
    await world.clock.advance(2000);
    await world.write(call, 'stdout', Buffer.from('12345'));
    await world.finish(call);
    await world.invoke({ tool: 'demo_effect' });
    const text = await read(world);
    expect(valueOf(text, 'xem_invocations_created_total{risk="read"}')).toBe(1);
    expect(valueOf(text, 'xem_invocations_ended_total{status="completed"}')).toBe(1);
    expect(valueOf(text, 'xem_invocations_open{status="pending_approval"}')).toBe(1);
    expect(valueOf(text, 'xem_dispatch_wait_seconds_count')).toBe(1);
    expect(valueOf(text, 'xem_run_seconds_sum')).toBe(2);
    expect(valueOf(text, 'xem_approvals_total{event="requested"}')).toBe(1);
    expect(valueOf(text, 'xem_agents{state="connected"}')).toBe(1);
    expect(namesIn(text)).toEqual(namesOf(PROJECT_METRICS, PROCESS_METRICS));
  }));

test('GET /metrics tells nothing of another project', () =>
  inHttpWorld(async (world) => {
    await world.invoke();
    const text = await read(world, world.seed.keys.other_project);
    expect(text).not.toContain('invocation.created');
    expect(valueOf(text, 'xem_agents{state="connected"}')).toBe(0);
  }));

test.each([
  ['without a key', '', 401],
  ['with a key that lacks management', 'service', 403],
])('GET /metrics refuses a caller %s', (_, key, status) =>
  inHttpWorld(async (world) => {
    const answer = await world.call('GET /metrics', {
      key: key === 'service' ? world.seed.keys.service : '',
    });
    expect(answer.status).toBe(status);
  }),
);

test('meters.answered counts requests by operation and class, and refusals by code', () =>
  inHttpWorld(async (world) => {
    const meters = createMeters(world.services);
    onTestFinished(() => meters.close());
    meters.answered('invocation.create', 201, 3);
    meters.answered('invocation.create', 409, 3);
    meters.refused('invocation_terminal');
    meters.framed('accept');
    meters.posted('failed');
    meters.heldUp(30);
    const { text } = await meters.ofAll();
    expect(valueOf(text, 'xem_http_requests_total{operation="invocation.create",status="2xx"}')).toBe(1);
    expect(valueOf(text, 'xem_http_request_seconds_count{operation="invocation.create"}')).toBe(2);
    expect(valueOf(text, 'xem_http_refusals_total{code="invocation_terminal"}')).toBe(1);
    expect(valueOf(text, 'xem_mesh_frames_total{kind="accept"}')).toBe(1);
    expect(valueOf(text, 'xem_webhook_attempts_total{outcome="failed"}')).toBe(1);
    expect(valueOf(text, 'xem_loop_delay_seconds_bucket{le="0.025"}')).toBe(0);
    expect(valueOf(text, 'xem_loop_delay_seconds_bucket{le="0.05"}')).toBe(1);
  }));

import { OutputEvent, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inHttpWorld, refusalOf, type HttpWorld } from '../../testing/http-world.ts';
import { readEvents, type EventReader, type ReceivedEvent } from '../../testing/read-events.ts';

const open = async ({ call }: HttpWorld, { id }: Invocation, headers = {}): Promise<EventReader> =>
  readEvents(await call(`GET /v1/exec/invocations/${id}/stream`, { headers }));

const namesOf = (events: readonly ReceivedEvent[]): readonly string[] => events.map(({ event }) => event);

const outputOf = (events: readonly ReceivedEvent[]): readonly OutputEvent[] =>
  events.filter(({ event }) => event === 'execution.output').map(({ data }) => OutputEvent.parse(data));

test('invocation.stream tells a call that has ended from its beginning, and ends', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke();
    await world.start(made);
    await world.finish(made, { stdout: Buffer.from('out'), stderr: Buffer.from('err') });
    const events = await (await open(world, made)).rest();
    expect(namesOf(events)).toEqual([
      'invocation.snapshot',
      'invocation.created',
      'invocation.queued',
      'invocation.dispatched',
      'invocation.started',
      'execution.output',
      'execution.output',
      'execution.ended',
      'invocation.completed',
      'invocation.settled',
    ]);
    expect(outputOf(events)).toEqual([
      { execution_id: made.execution_id, attempt: 1, stream: 'stdout', offset: 0, bytes: 3, text: 'out' },
      { execution_id: made.execution_id, attempt: 1, stream: 'stderr', offset: 0, bytes: 3, text: 'err' },
    ]);
    expect(events[0]).toMatchObject({ id: '0.0.0.0', data: { object: 'invocation', status: 'completed' } });
    expect(events.at(-1)).toMatchObject({ data: { object: 'invocation', status: 'completed' } });
    expect(events.at(-1)?.id).toMatch(/^\d+\.1\.3\.3$/);
  }));

test('invocation.stream tells output as it is written', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke();
    const events = await open(world, made);
    await world.start(made);
    await events.until('invocation.started');
    await world.write(made, 'stdout', Buffer.from('one'));
    expect(await events.next()).toMatchObject({ data: { offset: 0, text: 'one' } });
    await world.write(made, 'stdout', Buffer.from('two'));
    expect(await events.next()).toMatchObject({
      id: expect.stringMatching(/\.1\.6\.0$/),
      data: { offset: 3, text: 'two' },
    });
    await events.cancel();
  }));

test('a character that is split between two writes is told whole', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke();
    const events = await open(world, made);
    await world.start(made);
    await events.until('invocation.started');
    const euro = Buffer.from('€');
    await world.write(made, 'stdout', Buffer.concat([Buffer.from('a'), euro.subarray(0, 2)]));
    expect(await events.next()).toMatchObject({ data: { bytes: 1, text: 'a' } });
    await world.write(made, 'stdout', euro.subarray(2));
    expect(await events.next()).toMatchObject({ data: { offset: 1, bytes: 3, text: '€' } });
    await events.cancel();
  }));

test('output that is not UTF-8 is told as base64, an unfinished character at the end too', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke();
    await world.start(made);
    const bytes = Buffer.from([0x00, 0xff, 0xe2, 0x82]);
    await world.finish(made, { stdout: bytes });
    const [piece] = outputOf(await (await open(world, made)).rest());
    expect(piece).toMatchObject({ bytes: 4, base64: bytes.toString('base64') });
    expect(piece).not.toHaveProperty('text');
  }));

test('large output comes in chunks of at most 64 KiB that join without a gap', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke();
    await world.start(made);
    const text = 'ä'.repeat(100_001);
    await world.finish(made, { stdout: Buffer.from(`x${text}`) });
    const pieces = outputOf(await (await open(world, made)).rest());
    expect(pieces.map((piece) => piece.text).join('')).toBe(`x${text}`);
    let at = 0;
    for (const { offset, bytes } of pieces) {
      expect(offset).toBe(at);
      expect(bytes).toBeLessThanOrEqual(65_536);
      at += bytes;
    }
  }));

test('invocation.stream goes on after Last-Event-ID, in the middle of output too', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke();
    await world.start(made);
    await world.finish(made, { stdout: Buffer.from('abcdef') });
    const all = await (await open(world, made)).rest();
    const started = all.find(({ event }) => event === 'invocation.started');
    const position = `${started?.id?.split('.')[0]}.1.2.0`;
    const rest = await (await open(world, made, { 'last-event-id': position })).rest();
    expect(namesOf(rest)).toEqual([
      'invocation.snapshot',
      'execution.output',
      'execution.ended',
      'invocation.completed',
      'invocation.settled',
    ]);
    expect(outputOf(rest)).toMatchObject([{ offset: 2, text: 'cdef' }]);
    const nothing = await (await open(world, made, { 'last-event-id': all.at(-1)?.id ?? '' })).rest();
    expect(namesOf(nothing)).toEqual(['invocation.snapshot', 'invocation.settled']);
  }));

test('a cancelled call ends its stream with the settled event, then the error', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke({ tool: 'demo_effect' });
    const events = await open(world, made);
    await events.until('approval.requested');
    await world.call(`POST /v1/exec/invocations/${made.id}/cancel`, { body: { reason: 'enough' } });
    const rest = await events.rest();
    expect(namesOf(rest)).toEqual([
      'approval.withdrawn',
      'invocation.cancelled',
      'invocation.settled',
      'error',
    ]);
    expect(rest.at(-1)).toMatchObject({
      id: null,
      data: { error: { code: 'cancelled', type: 'cancelled_error' } },
    });
  }));

test('invocation.stream says that it is alive while nothing happens', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke({ tool: 'demo_effect' });
    const events = await open(world, made);
    const last = (await events.until('approval.requested')).at(-1);
    await world.clock.advance(15_000);
    expect(await events.next()).toEqual({ event: '', id: last?.id, data: null });
    await events.cancel();
  }));

test('invocation.stream of another project is not found', () =>
  inHttpWorld(async (world) => {
    const { id } = await world.invoke();
    const answer = await world.call(`GET /v1/exec/invocations/${id}/stream`, {
      key: world.seed.keys.other_project,
    });
    expect(await refusalOf(answer)).toMatchObject({ status: 404, code: 'invocation_not_found' });
  }));

test('invocation.stream refuses an id that is none of its events', () =>
  inHttpWorld(async (world) => {
    const made = await world.invoke();
    const answer = await world.call(`GET /v1/exec/invocations/${made.id}/stream`, {
      headers: { 'last-event-id': '7' },
    });
    expect(await refusalOf(answer)).toMatchObject({ status: 400, param: 'Last-Event-ID' });
  }));

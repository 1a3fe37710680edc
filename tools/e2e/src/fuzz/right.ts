import type { Operation } from '@xem/protocol';
import { groundOf } from '../contract/ground.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { inputFor, objectsFor, subjects, type Subject } from '../operation/subject.ts';
import { writeRequest } from '../operation/write-request.ts';
import type { FuzzRequest } from './request.ts';

type Input = Readonly<Record<string, unknown>>;

/** Requests that are right: each operation's, about objects that are made for it. */
export interface RightRequests {
  /** One for every operation that a mesh as it starts can answer; a list of what it takes to make each. */
  readonly makers: readonly (() => Promise<FuzzRequest>)[];
  /** Inputs that were right when they were made, by operation. */
  readonly inputs: ReadonlyMap<Operation['id'], Input>;
  /** Closes what was opened for them. */
  close(): void;
}

/** Prepares the right requests of a mesh; the key at the first place is to send them. */
export function rightRequests(mesh: Mesh): RightRequests {
  const inputs = new Map<Operation['id'], Input>();
  const closers: (() => void)[] = [];
  const ground = groundOf(mesh, (close) => void closers.push(close));
  const make = async (subject: Subject): Promise<FuzzRequest> => {
    const input = inputFor(subject, await objectsFor(subject, ground));
    inputs.set(subject.operation.id, input);
    const { method, path, body } = writeRequest(subject.operation, input);
    const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body));
    return { method, target: path, key: 0, headers: [], body: bytes };
  };
  return {
    makers: subjects()
      .filter(({ row }) => row.elsewhere === undefined)
      .map((subject) => () => make(subject)),
    inputs,
    close: () => {
      for (const close of closers) close();
    },
  };
}

import { SCOPES, type Scope } from '@xem/protocol';
import { z } from 'zod';
import { call } from '../mesh/api.ts';
import { until, type Mesh } from '../mesh/mesh.ts';

const Made = z.looseObject({ id: z.string(), value: z.string().optional() });

/** Keys that a matrix of who may do what needs, by value. */
export interface MatrixKeys {
  readonly revoked: string;
  readonly expired: string;
  /** A service with every scope. */
  readonly service: string;
  /** A service with every scope but one. */
  readonly without: Readonly<Record<Scope, string>>;
  /** A service with one scope. */
  readonly only: Readonly<Record<Scope, string>>;
}

async function make(mesh: Mesh, path: string, body: object): Promise<{ id: string; value: string }> {
  const answer = await call(mesh, { method: 'POST', path: `/v1/management/${path}`, body });
  const { id, value = '' } = Made.parse(answer.body);
  return { id, value };
}

/** Mints the keys, and waits until the one that is to have ended has. */
export async function mintKeys(mesh: Mesh): Promise<MatrixKeys> {
  const { id: principal_id } = await make(mesh, 'principals', { kind: 'service', name: 'matrix' });
  const mint = (scopes: readonly string[], more: object = {}) =>
    make(mesh, 'api-keys', { principal_id, name: 'matrix', scopes, rate: RATE, ...more });
  const each = async (choose: (scope: Scope) => readonly Scope[]): Promise<Record<Scope, string>> => {
    const [execution, inference, management, breakGlass] = await Promise.all(
      SCOPES.map(async (scope) => (await mint(choose(scope))).value),
    );
    if (!execution || !inference || !management || !breakGlass) throw new Error('a key has no value');
    return { execution, inference, management, break_glass: breakGlass };
  };
  const revoked = await mint(SCOPES);
  await make(mesh, `api-keys/${revoked.id}/revoke`, {});
  const expired = await mint(SCOPES, { expires_in_seconds: 1 });
  const isOver = async (): Promise<boolean> => {
    const headers = { authorization: `Bearer ${expired.value}` };
    return (await call(mesh, { path: '/v1/whoami', as: null, headers })).status === 401;
  };
  const keys = {
    revoked: revoked.value,
    expired: expired.value,
    service: (await mint(SCOPES)).value,
    without: await each((scope) => SCOPES.filter((other) => other !== scope)),
    only: await each((scope) => [scope]),
  };
  await until('the end of a key', isOver);
  return keys;
}

const RATE = { per_minute: 1_000_000, burst: 100_000 };

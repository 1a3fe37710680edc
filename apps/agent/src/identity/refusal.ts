import { ERROR_CATALOG, isErrorCode } from '@xem/errors';
import { readManifest, type EnrolledBody, type Manifest } from '@xem/protocol';
import { BootError } from '../boot/boot-error.ts';

/** A no of the router. */
export type NotEnrolled = Extract<EnrolledBody, { ok: false }>;

/**
 * Whether asking again may get another answer. `join_key_exhausted` says when a use may be free again and is final
 * all the same: it is a person who knows whether to wait or to mint another key.
 */
export const isPassing = ({ code, retry_after_seconds }: NotEnrolled): boolean =>
  isErrorCode(code) ? ERROR_CATALOG[code].retry !== 'never' : retry_after_seconds !== undefined;

/** What to tell when asking again would not help: the code, where it points, and what the person here can do. */
export function refusalError(refusal: Omit<NotEnrolled, 'v' | 'ok'>): BootError {
  const { code, message, operator_action, pointer, retry_after_seconds } = refusal;
  const where = pointer === undefined ? '' : ` (at ${pointer === '' ? 'the whole of it' : pointer})`;
  const when =
    retry_after_seconds === undefined ? '' : `\nIt is worth trying again in ${retry_after_seconds} s.`;
  return new BootError(code, `${code}: ${message}${where}\n${operator_action}${when}`);
}

/** Keeps back a manifest that the router would refuse. @throws BootError `exec_manifest_invalid` */
export function assertPublishable(manifest: Manifest): void {
  const read = readManifest(manifest);
  if (!('fault' in read)) return;
  const { message, pointer } = read.fault;
  const { fix } = ERROR_CATALOG.exec_manifest_invalid;
  throw refusalError({ code: 'exec_manifest_invalid', message, pointer, operator_action: fix });
}

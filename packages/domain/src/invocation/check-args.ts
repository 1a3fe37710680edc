import { ExecError } from '@xem/errors';
import { ARGS_BYTES_MAX, canonicalJson, sha256Hex } from '@xem/protocol';
import type { Variant } from '../catalogue/catalogue.ts';

type Args = Readonly<Record<string, unknown>>;

/** Arguments in their RFC 8785 form, and the hash of it. */
export interface CanonicalArgs {
  readonly args: Args;
  readonly sha256: string;
}

function toText(args: Args): string {
  try {
    return canonicalJson(args);
  } catch (cause) {
    throw new ExecError(
      'invalid_body',
      'args has no canonical JSON form: it holds a broken string or number',
      {
        param: '/args',
        cause,
      },
    );
  }
}

/** Brings arguments to their canonical form. @throws ExecError payload_too_large over 256 KiB, invalid_body */
export function canonicalArgs(args: Args): CanonicalArgs {
  const text = toText(args);
  const bytes = Buffer.byteLength(text);
  if (bytes > ARGS_BYTES_MAX) {
    const message = `args are ${bytes} bytes of canonical JSON, the limit is ${ARGS_BYTES_MAX}`;
    throw new ExecError('payload_too_large', message, { param: '/args' });
  }
  const canonical: Args = JSON.parse(text);
  return { args: canonical, sha256: sha256Hex(text) };
}

/** Checks arguments against the schema of the tool. @throws ExecError invalid_body, pointing at the member */
export function assertArgs(variant: Variant, args: Args): void {
  const fault = variant.checkArgs()(args);
  if (!fault) return;
  const param = `/args${fault.pointer}`;
  throw new ExecError('invalid_body', `${param} ${fault.message} (schema of ${variant.definition.name})`, {
    param,
  });
}

import { UUID_FORM, type OutputStream } from '@xem/protocol';

/** Where a client finds the bytes of a run. */
export const OUTPUT_URI_TEMPLATE = 'xem://executions/{id}/raw{?stream}';

/** The address of a run's standard output. */
export const outputUri = (executionId: string): string => `xem://executions/${executionId}/raw`;

interface OutputAddress {
  readonly executionId: string;
  readonly stream: OutputStream;
}

/** Reads such an address; null when it is none. */
export function readOutputUri(uri: string): OutputAddress | null {
  const parts = /^xem:\/\/executions\/([^/?]+)\/raw(?:\?stream=(stdout|stderr))?$/.exec(uri);
  const executionId = parts?.[1] ?? '';
  if (!UUID_FORM.pattern.test(executionId)) return null;
  return { executionId, stream: parts?.[2] === 'stderr' ? 'stderr' : 'stdout' };
}

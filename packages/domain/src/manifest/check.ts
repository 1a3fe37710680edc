import { ExecError } from '@xem/errors';
import { readManifest, sha256Hex, toolDigest, type Manifest, type ToolDefinition } from '@xem/protocol';
import type { CompileArgsCheck } from '../catalogue/args-check.ts';

/** A tool of a manifest and what decisions about it are bound to. */
export interface CheckedTool {
  readonly digest: string;
  readonly definition: ToolDefinition;
}

/** A manifest that holds what it must. The hash is of the manifest as it was sent. */
export interface CheckedManifest {
  readonly hash: string;
  readonly manifest: Manifest;
  readonly tools: readonly CheckedTool[];
}

const invalid = (message: string, pointer: string, cause?: unknown): ExecError =>
  new ExecError('exec_manifest_invalid', message, { param: pointer, cause });

function assertSchemas({ tools }: Manifest, compile: CompileArgsCheck): void {
  for (const [index, { name, parameters }] of tools.entries()) {
    try {
      compile(parameters);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : 'it does not compile';
      throw invalid(
        `tool ${name}: parameters is no strict JSON Schema 2020-12: ${why}`,
        `/tools/${index}/parameters`,
        cause,
      );
    }
  }
}

/** Checks a manifest whole, the schemas of its tools too. @throws ExecError exec_manifest_invalid, with a pointer */
export function checkManifest(sent: unknown, compile: CompileArgsCheck): CheckedManifest {
  const read = readManifest(sent);
  if ('fault' in read) throw invalid(read.fault.message, read.fault.pointer, read.fault.cause);
  const { manifest, text } = read;
  assertSchemas(manifest, compile);
  const tools = manifest.tools.map((definition) => ({ digest: toolDigest(definition), definition }));
  return { hash: sha256Hex(text), manifest, tools };
}

import { ExecError } from '@xem/errors';
import {
  canonicalJson,
  Manifest,
  MANIFEST_BYTES_MAX,
  sha256Hex,
  toolDigest,
  type ToolDefinition,
} from '@xem/protocol';
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

const escape = (step: PropertyKey): string => String(step).replaceAll('~', '~0').replaceAll('/', '~1');

const pointerTo = (path: readonly PropertyKey[]): string => path.map((step) => `/${escape(step)}`).join('');

function toText(raw: unknown): string {
  try {
    return canonicalJson(raw);
  } catch (cause) {
    throw invalid('the manifest has no canonical JSON form', '', cause);
  }
}

/** The name of the tool that a path leads into, as far as there is one. */
function toolAt(raw: unknown, [list, index]: readonly PropertyKey[]): string {
  if (list !== 'tools' || typeof index !== 'number') return 'the manifest';
  const name: unknown = Object(Object(raw)['tools'])[index]?.['name'];
  return typeof name === 'string' ? `tool ${name.slice(0, 64)}` : `tool ${index}`;
}

function parse(raw: unknown): Manifest {
  const parsed = Manifest.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  throw invalid(
    `${toolAt(raw, path)}: ${issue?.message ?? 'is not a manifest'}`,
    pointerTo(path),
    parsed.error,
  );
}

function assertNames({ tools }: Manifest): void {
  const seen = new Set<string>();
  for (const [index, { name }] of tools.entries()) {
    if (seen.has(name)) throw invalid(`tool ${name} is declared twice`, `/tools/${index}/name`);
    seen.add(name);
  }
}

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
  const text = toText(sent);
  const bytes = Buffer.byteLength(text);
  if (bytes > MANIFEST_BYTES_MAX) {
    throw invalid(`the manifest is ${bytes} bytes of canonical JSON, the limit is ${MANIFEST_BYTES_MAX}`, '');
  }
  const manifest = parse(JSON.parse(text));
  assertNames(manifest);
  assertSchemas(manifest, compile);
  const tools = manifest.tools.map((definition) => ({ digest: toolDigest(definition), definition }));
  return { hash: sha256Hex(text), manifest, tools };
}

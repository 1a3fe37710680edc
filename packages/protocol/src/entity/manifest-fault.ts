import { canonicalJson } from '../canonical-json.ts';
import { Manifest, MANIFEST_BYTES_MAX } from './manifest.ts';

/** What is wrong with a manifest: a sentence that names the tool, and a JSON Pointer to the place. */
export interface ManifestFault {
  readonly message: string;
  readonly pointer: string;
  readonly cause?: unknown;
}

/** A manifest with defaults filled in, and the RFC 8785 form of what was sent. */
export interface ReadManifest {
  readonly manifest: Manifest;
  readonly text: string;
}

const escape = (step: PropertyKey): string => String(step).replaceAll('~', '~0').replaceAll('/', '~1');

const pointerTo = (path: readonly PropertyKey[]): string => path.map((step) => `/${escape(step)}`).join('');

/** The name of the tool that a path leads into, as far as there is one. */
function toolAt(raw: unknown, [list, index]: readonly PropertyKey[]): string {
  if (list !== 'tools' || typeof index !== 'number') return 'the manifest';
  const name: unknown = Object(Object(raw)['tools'])[index]?.['name'];
  return typeof name === 'string' ? `tool ${name.slice(0, 64)}` : `tool ${index}`;
}

function parse(raw: unknown): Manifest | ManifestFault {
  const parsed = Manifest.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const message = `${toolAt(raw, path)}: ${issue?.message ?? 'is not a manifest'}`;
  return { message, pointer: pointerTo(path), cause: parsed.error };
}

function nameFault({ tools }: Manifest): ManifestFault | null {
  const seen = new Set<string>();
  for (const [index, { name }] of tools.entries()) {
    if (seen.has(name)) return { message: `tool ${name} is declared twice`, pointer: `/tools/${index}/name` };
    seen.add(name);
  }
  return null;
}

function toText(raw: unknown): string | ManifestFault {
  try {
    return canonicalJson(raw);
  } catch (cause) {
    return { message: 'the manifest has no canonical JSON form', pointer: '', cause };
  }
}

function sizeFault(text: string): ManifestFault | null {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MANIFEST_BYTES_MAX) return null;
  const message = `the manifest is ${bytes} bytes of canonical JSON, the limit is ${MANIFEST_BYTES_MAX}`;
  return { message, pointer: '' };
}

/**
 * Reads a manifest: its size, its shape and that no tool is declared twice, or the first fault. The schemas of its
 * tools are the reader's to compile.
 */
export function readManifest(sent: unknown): ReadManifest | { readonly fault: ManifestFault } {
  const text = toText(sent);
  if (typeof text !== 'string') return { fault: text };
  const tooLarge = sizeFault(text);
  if (tooLarge) return { fault: tooLarge };
  const manifest = parse(JSON.parse(text));
  if ('pointer' in manifest) return { fault: manifest };
  const twice = nameFault(manifest);
  return twice ? { fault: twice } : { manifest, text };
}

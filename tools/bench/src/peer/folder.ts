import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

/** Where peers are installed, apart from everything that belongs to the product. */
export const PEERS_DIR = fileURLToPath(new URL('../../../../.bench-peers/', import.meta.url));

/** The packages of the peers, in the versions that are measured. */
export const PEER_PACKAGES = {
  '@restatedev/restate-sdk': '1.17.2',
  '@restatedev/restate-server': '1.7.12',
  bullmq: '6.7.0',
  'graphile-worker': '0.18.0',
  ioredis: '5.11.1',
  pg: '8.23.1',
} as const;

type PeerPackage = keyof typeof PEER_PACKAGES;

const requirePeer = createRequire(join(PEERS_DIR, 'package.json'));

/** The file of a module that was installed with the peers, or null when it is not there. */
export function peerFile(specifier: string): string | null {
  try {
    return requirePeer.resolve(specifier);
  } catch {
    return null;
  }
}

/** Says why a peer that needs these packages cannot run, or null when it can. */
export function missingPackages(...names: readonly PeerPackage[]): string | null {
  const missing = names.filter((name) => peerFile(name) === null);
  return missing.length === 0 ? null : `${missing.join(', ')} not installed (pnpm bench:peers)`;
}

/** Loads a module of a peer. The schema says which of its exports are used. @throws Error when it is not installed */
export function loadPeer<Module>(name: PeerPackage, schema: z.ZodType<Module>): Module {
  const module: unknown = requirePeer(name);
  return schema.parse(module);
}

/** An export that can be called or made, taken at its word for the rest of its type. */
export const isFunction = (value: unknown): boolean => typeof value === 'function';

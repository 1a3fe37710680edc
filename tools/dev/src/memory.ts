import { z } from 'zod';
import type { Place } from './place.ts';
import { readPrivateJson, writePrivateJson } from './private-file.ts';
import { ProcessName } from './process-table.ts';

const Port = z.int().min(1).max(65_535);

/** Ports of a mesh that ran here before. */
export const Ports = z.object({ http: Port, mcp: Port, data: Port, enroll: Port });
export type Ports = z.infer<typeof Ports>;

const Memory = z.object({
  ports: Ports.nullable().default(null),
  /** The agent that has enrolled: it needs no join key again. */
  agent_id: z.string().nullable().default(null),
  /** Services that were started; those of a supervisor that was killed may still be stopping. */
  services: z.array(ProcessName).default([]),
});

/** What one start of a mesh leaves for the next. */
export type Memory = z.infer<typeof Memory>;

/** Reads the memory of a folder; an empty one when there is none. */
export const recall = (place: Place): Memory => readPrivateJson(place.memoryFile, Memory) ?? Memory.parse({});

/** Writes part of it anew. */
export const remember = (place: Place, change: Partial<Memory>): void =>
  writePrivateJson(place.memoryFile, { ...recall(place), ...change });

import {
  ApprovalReceipt,
  EnrolledBody,
  FRAMES,
  HostReport,
  isFrameKind,
  JoinKeyClaims,
  Manifest,
  StreamSummary,
  ToolDefinition,
  WorkOrder,
} from '@xem/protocol';
import type { z } from 'zod';

const [Enrolled] = EnrolledBody.options;

const NAMED: Readonly<Record<string, z.ZodType>> = {
  ApprovalReceipt,
  Enrolled,
  HostReport,
  JoinKeyClaims,
  Manifest,
  StreamSummary,
  ToolDefinition,
  WorkOrder,
};

/** The schema of a frame's body or of something within one, by its name in the document. @throws Error */
export function schemaNamed(name: string): z.ZodType {
  const schema = isFrameKind(name) ? FRAMES[name].body : NAMED[name];
  if (schema) return schema;
  throw new Error(`the document names ${name}, and there is no such schema`);
}

import { z } from 'zod';
import { prefixedForm, TOOL_NAME_FORM, UUID_FORM, WORKSPACE_ID_FORM, type IdForm } from './id-form.ts';

const formed = ({ pattern, says }: IdForm) => z.string().regex(pattern, says);

const prefixed = <Brand extends string>(prefix: string, brand: Brand) =>
  formed(prefixedForm(prefix)).brand(brand);

const uuid = <Brand extends string>(brand: Brand) => formed(UUID_FORM).brand(brand);

export const ProjectId = prefixed('prj', 'ProjectId');
export type ProjectId = z.infer<typeof ProjectId>;

/** Made with 24 hex digits; 8 to 32 are read. */
export const WorkspaceId = formed(WORKSPACE_ID_FORM).brand('WorkspaceId');
export type WorkspaceId = z.infer<typeof WorkspaceId>;

export const InvocationId = uuid('InvocationId');
export type InvocationId = z.infer<typeof InvocationId>;
export const ExecutionId = uuid('ExecutionId');
export type ExecutionId = z.infer<typeof ExecutionId>;
export const ApprovalId = uuid('ApprovalId');
export type ApprovalId = z.infer<typeof ApprovalId>;

export const AgentId = prefixed('agt', 'AgentId');
export type AgentId = z.infer<typeof AgentId>;
export const PrincipalId = prefixed('prn', 'PrincipalId');
export type PrincipalId = z.infer<typeof PrincipalId>;
export const ApiKeyId = prefixed('key', 'ApiKeyId');
export type ApiKeyId = z.infer<typeof ApiKeyId>;
export const JoinKeyId = prefixed('jkr', 'JoinKeyId');
export type JoinKeyId = z.infer<typeof JoinKeyId>;
export const EntryId = prefixed('evt', 'EntryId');
export type EntryId = z.infer<typeof EntryId>;
export const PolicyId = prefixed('pol', 'PolicyId');
export type PolicyId = z.infer<typeof PolicyId>;
export const LinkId = prefixed('lnk', 'LinkId');
export type LinkId = z.infer<typeof LinkId>;
export const MaintenanceId = prefixed('mnt', 'MaintenanceId');
export type MaintenanceId = z.infer<typeof MaintenanceId>;
export const WebhookId = prefixed('whk', 'WebhookId');
export type WebhookId = z.infer<typeof WebhookId>;
export const DeliveryId = prefixed('dlv', 'DeliveryId');
export type DeliveryId = z.infer<typeof DeliveryId>;

/** The name an agent is known by on its hosts. */
export const RegistrationName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/, 'must be 1 to 48 of a-z 0-9 -, with no - at either end');

export const ToolName = formed(TOOL_NAME_FORM);

/** The name that models and MCP clients see. */
export const ToolAlias = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ -');

/** The short name of a project inside its API keys. */
export const ProjectSlug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'must be 1 to 32 of a-z 0-9 -, with no - at either end');

/** SHA-256 as 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');

/** A CURVE public key in Z85. */
export const CurveKey = z
  .string()
  .regex(/^[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}$/, 'must be 40 Z85 characters');

/** An Ed25519 public key: 32 bytes as base64url without padding. */
export const SigningKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 43 base64url characters');

/** RFC 3339 UTC with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });

/** A whole number of milliseconds. */
export const Milliseconds = z.int().min(0);

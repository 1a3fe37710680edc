import { z } from 'zod';
import { Agent } from '../entity/agent.ts';
import { MANIFEST_TOOLS_MAX } from '../entity/manifest.ts';
import { AgentId, Sha256, ToolName } from '../id.ts';
import { operation } from './operation.ts';

export const acceptManifest = operation({
  id: 'agent.accept_manifest',
  method: 'POST',
  path: '/management/agents/:id/accept-manifest',
  scope: 'management',
  answers: 'json',
  summary:
    'Accept changes of a manifest that wait: those named by tool and digest, or all of the manifest that was shown; humans only',
  input: z
    .strictObject({
      id: AgentId,
      changes: z
        .array(z.strictObject({ tool: ToolName, new_digest: Sha256 }))
        .min(1)
        .max(MANIFEST_TOOLS_MAX)
        .optional(),
      manifest_hash: Sha256.optional(),
    })
    .refine(({ changes, manifest_hash }) => (changes === undefined) !== (manifest_hash === undefined), {
      message: 'name either the changes, or the manifest of which all are meant',
      path: ['changes'],
    }),
  output: Agent,
  errors: ['agent_not_found', 'manifest_change_not_found'],
});

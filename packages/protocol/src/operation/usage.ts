import { z } from 'zod';
import { Day, UsageGrouping, UsageReport } from '../entity/usage.ts';
import { ToolName, WorkspaceId } from '../id.ts';
import { operation } from './operation.ts';

export const reportUsage = operation({
  id: 'usage.report',
  method: 'GET',
  path: '/usage',
  scope: 'management',
  summary: 'Report what the project used, by day, tool or workspace; the last 30 days unless said',
  answers: 'json',
  input: z.strictObject({
    group_by: UsageGrouping.default('day'),
    from: Day.optional(),
    to: Day.optional(),
    workspace_id: WorkspaceId.optional(),
    tool: ToolName.optional(),
  }),
  output: UsageReport,
  errors: ['invalid_workspace_id'],
});

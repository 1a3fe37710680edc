DROP INDEX `approval_deadline`;--> statement-breakpoint
ALTER TABLE `agent` ADD `rotation` text;--> statement-breakpoint
ALTER TABLE `agent` ADD `conflict` text;--> statement-breakpoint
CREATE INDEX `agent_next_curve_key` ON `agent` (rotation ->> '$.curveKey') WHERE rotation IS NOT NULL;--> statement-breakpoint
ALTER TABLE `agent_tool` ADD `accepted_by` text;--> statement-breakpoint
ALTER TABLE `agent_tool` ADD `held_behind` text;--> statement-breakpoint
ALTER TABLE `invocation` ADD `held_at` integer;--> statement-breakpoint
ALTER TABLE `invocation` ADD `held_remaining_ms` integer;--> statement-breakpoint
ALTER TABLE `project` ADD `version` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `project` ADD `paused` text;--> statement-breakpoint
ALTER TABLE `workspace` ADD `concurrency` text;--> statement-breakpoint
CREATE INDEX `journal_agent` ON `journal` (`project_id`,subject ->> '$.id',`seq`) WHERE subject ->> '$.type' = 'agent';
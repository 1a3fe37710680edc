ALTER TABLE `agent` ADD `credentials_revoked_at` integer;--> statement-breakpoint
CREATE INDEX `agent_signing_key` ON `agent` (`signing_key`);--> statement-breakpoint
CREATE INDEX `agent_paused` ON `agent` (`id`) WHERE paused IS NOT NULL;--> statement-breakpoint
CREATE INDEX `workspace_paused` ON `workspace` (`id`) WHERE paused IS NOT NULL;
CREATE TABLE `credit` (
	`project_id` text PRIMARY KEY NOT NULL,
	`granted` integer NOT NULL,
	`reserved` integer NOT NULL,
	`settled` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `usage` (
	`project_id` text NOT NULL,
	`day` text NOT NULL,
	`workspace_id` text NOT NULL,
	`tool` text NOT NULL,
	`calls` integer NOT NULL,
	`completed` integer NOT NULL,
	`failed` integer NOT NULL,
	`cancelled` integer NOT NULL,
	`rejected` integer NOT NULL,
	`timeout` integer NOT NULL,
	`run_ms` integer NOT NULL,
	`output_bytes` integer NOT NULL,
	`credit` integer NOT NULL,
	PRIMARY KEY(`project_id`, `day`, `workspace_id`, `tool`),
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `journal_checkpoint` (
	`project_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`at` integer NOT NULL,
	`signature` text NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `journal_cursor` (
	`reader` text NOT NULL,
	`project_id` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`reader`, `project_id`),
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `approval_link` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`token_sha256` text NOT NULL,
	`project_id` text NOT NULL,
	`approval_id` text NOT NULL,
	`reviewer` text NOT NULL,
	`minted_by` text NOT NULL,
	`minter_key_id` text NOT NULL,
	`groups` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`approval_id`) REFERENCES `approval`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `approval_link_token_sha256_unique` ON `approval_link` (`token_sha256`);--> statement-breakpoint
CREATE INDEX `approval_link_approval` ON `approval_link` (`approval_id`);--> statement-breakpoint
CREATE TABLE `sign_in_link` (
	`token_sha256` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`principal_id` text NOT NULL,
	`rights` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`principal_id`) REFERENCES `principal`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sign_in_link_principal` ON `sign_in_link` (`principal_id`);--> statement-breakpoint
CREATE INDEX `sign_in_link_expiry` ON `sign_in_link` (`expires_at`);--> statement-breakpoint
CREATE TABLE `maintenance` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`project_id` text NOT NULL,
	`workspace_id` text,
	`title` text NOT NULL,
	`description` text,
	`severity` text NOT NULL,
	`status` text NOT NULL,
	`starts_at` integer NOT NULL,
	`ends_at` integer,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`due_at` integer,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `maintenance_newest` ON `maintenance` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `maintenance_status_newest` ON `maintenance` (`project_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `maintenance_due` ON `maintenance` (`due_at`) WHERE due_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `maintenance_open` ON `maintenance` (`project_id`,`starts_at`) WHERE status = 'in_progress';--> statement-breakpoint
CREATE TABLE `webhook` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`project_id` text NOT NULL,
	`url` text NOT NULL,
	`description` text,
	`events` text NOT NULL,
	`secret` blob NOT NULL,
	`enabled` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_delivered_at` integer,
	`last_failed_at` integer,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `webhook_newest` ON `webhook` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_enabled` ON `webhook` (`project_id`) WHERE enabled = 1;--> statement-breakpoint
CREATE TABLE `webhook_delivery` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`project_id` text NOT NULL,
	`webhook_id` text NOT NULL,
	`event_id` text NOT NULL,
	`event_type` text NOT NULL,
	`subject` text NOT NULL,
	`seq` integer NOT NULL,
	`body` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_attempt_at` integer,
	`response_status` integer,
	`error` text,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	FOREIGN KEY (`webhook_id`) REFERENCES `webhook`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `webhook_delivery_newest` ON `webhook_delivery` (`webhook_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_delivery_status` ON `webhook_delivery` (`webhook_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_delivery_due` ON `webhook_delivery` (`next_attempt_at`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `webhook_delivery_subject` ON `webhook_delivery` (`webhook_id`,`subject`,`seq`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `webhook_delivery_ended` ON `webhook_delivery` (`ended_at`) WHERE ended_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `api_key` ADD `ancestors` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `invocation` ADD `credit_reserved` integer;--> statement-breakpoint
ALTER TABLE `policy` ADD `created_by` text;--> statement-breakpoint
ALTER TABLE `policy` ADD `retired` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `project` ADD `plan` text DEFAULT 'standard' NOT NULL;--> statement-breakpoint
ALTER TABLE `project` ADD `rate` text;--> statement-breakpoint
ALTER TABLE `project` ADD `billing` text DEFAULT 'current' NOT NULL;--> statement-breakpoint
ALTER TABLE `project` ADD `tariff` text;--> statement-breakpoint
CREATE INDEX `execution_output_expiry` ON `execution` (`output_expires_at`) WHERE output_expires_at IS NOT NULL;
CREATE TABLE `agent` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`project_id` text NOT NULL,
	`registration_name` text NOT NULL,
	`region` text,
	`agent_version` text NOT NULL,
	`status` text NOT NULL,
	`paused` text,
	`curve_key` text NOT NULL,
	`signing_key` text NOT NULL,
	`join_key_id` text NOT NULL,
	`journal_id` text,
	`epoch` integer NOT NULL,
	`manifest_version` integer NOT NULL,
	`manifest_hash` text NOT NULL,
	`host` text NOT NULL,
	`host_reported_at` integer NOT NULL,
	`source_address` text,
	`enrolled_at` integer NOT NULL,
	`last_seen_at` integer,
	`connection_since` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `agent_newest` ON `agent` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `agent_status_newest` ON `agent` (`project_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `agent_name` ON `agent` (`project_id`,`registration_name`,`created_at`);--> statement-breakpoint
CREATE INDEX `agent_curve_key` ON `agent` (`curve_key`);--> statement-breakpoint
CREATE INDEX `agent_admitted` ON `agent` (`id`,`curve_key`) WHERE status IN ('online', 'offline', 'conflict');--> statement-breakpoint
CREATE INDEX `agent_online` ON `agent` (`id`) WHERE status = 'online';--> statement-breakpoint
CREATE TABLE `agent_manifest` (
	`agent_id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`hash` text NOT NULL,
	`manifest` text NOT NULL,
	`received_at` integer NOT NULL,
	FOREIGN KEY (`agent_id`) REFERENCES `agent`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `agent_tool` (
	`agent_id` text NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`definition` text NOT NULL,
	`bound_at` integer NOT NULL,
	PRIMARY KEY(`agent_id`, `digest`),
	FOREIGN KEY (`agent_id`) REFERENCES `agent`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `api_key` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`principal_id` text NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`value_sha256` text NOT NULL,
	`scopes` text NOT NULL,
	`can_decide` integer NOT NULL,
	`rate` text NOT NULL,
	`endpoints` text,
	`ip_allow` text,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer,
	`rotated_from` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`principal_id`) REFERENCES `principal`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_key_value_sha256_unique` ON `api_key` (`value_sha256`);--> statement-breakpoint
CREATE INDEX `api_key_newest` ON `api_key` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `approval` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`invocation_id` text NOT NULL,
	`project_id` text NOT NULL,
	`workspace_id` text NOT NULL,
	`status` text NOT NULL,
	`kind` text NOT NULL,
	`tool` text NOT NULL,
	`risk` text NOT NULL,
	`tool_digest` text NOT NULL,
	`args` text NOT NULL,
	`args_sha256` text NOT NULL,
	`reason` text,
	`call_sha256` text NOT NULL,
	`requested_by` text NOT NULL,
	`request_key_id` text NOT NULL,
	`surface` text NOT NULL,
	`policy` text NOT NULL,
	`stages` text NOT NULL,
	`stage_index` integer NOT NULL,
	`quorum` text NOT NULL,
	`decisions` text NOT NULL,
	`decided_by` text,
	`decision_note` text,
	`confirm_required` integer NOT NULL,
	`stage_expires_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`decided_at` integer,
	FOREIGN KEY (`invocation_id`) REFERENCES `invocation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `approval_newest` ON `approval` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `approval_status_newest` ON `approval` (`project_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `approval_risk_newest` ON `approval` (`project_id`,`risk`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `approval_tool_newest` ON `approval` (`project_id`,`tool`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `approval_workspace_newest` ON `approval` (`project_id`,`workspace_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `approval_invocation` ON `approval` (`invocation_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `approval_deadline` ON `approval` (`stage_expires_at`) WHERE status = 'pending';--> statement-breakpoint
CREATE TABLE `browser_session` (
	`token_sha256` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`key_id` text NOT NULL,
	`csrf_token` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`key_id`) REFERENCES `api_key`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `browser_session_expiry` ON `browser_session` (`expires_at`);--> statement-breakpoint
CREATE TABLE `execution` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`invocation_id` text NOT NULL,
	`project_id` text NOT NULL,
	`workspace_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`tool` text NOT NULL,
	`attempt` integer NOT NULL,
	`status` text NOT NULL,
	`journal_id` text NOT NULL,
	`exit_code` integer,
	`signal` text,
	`ended_by` text,
	`error` text,
	`stdout` text,
	`stderr` text,
	`evidence` integer NOT NULL,
	`duration_ms` integer,
	`output_expires_at` integer,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`ended_at` integer,
	`lost_at` integer,
	FOREIGN KEY (`invocation_id`) REFERENCES `invocation`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `execution_newest` ON `execution` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `execution_status_newest` ON `execution` (`project_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `execution_tool_newest` ON `execution` (`project_id`,`tool`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `execution_workspace_newest` ON `execution` (`project_id`,`workspace_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `execution_agent_newest` ON `execution` (`project_id`,`agent_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `execution_invocation` ON `execution` (`invocation_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `execution_open` ON `execution` (`agent_id`,`created_at`,`id`) WHERE status IN ('dispatched', 'running');--> statement-breakpoint
CREATE TABLE `idempotency` (
	`project_id` text NOT NULL,
	`principal_id` text NOT NULL,
	`operation` text NOT NULL,
	`key` text NOT NULL,
	`body_sha256` text NOT NULL,
	`invocation_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`project_id`, `principal_id`, `operation`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_age` ON `idempotency` (`created_at`);--> statement-breakpoint
CREATE TABLE `invocation` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`project_id` text NOT NULL,
	`workspace_id` text NOT NULL,
	`tool` text NOT NULL,
	`risk` text NOT NULL,
	`domain` text NOT NULL,
	`tool_digest` text NOT NULL,
	`idempotent` integer NOT NULL,
	`args` text NOT NULL,
	`args_sha256` text NOT NULL,
	`status` text NOT NULL,
	`surface` text NOT NULL,
	`requested_by` text NOT NULL,
	`key_id` text,
	`reason` text,
	`pinned_agent_id` text,
	`agent_id` text,
	`timeout_ms` integer NOT NULL,
	`attempt` integer NOT NULL,
	`losses` integer NOT NULL,
	`execution_id` text,
	`approval` text,
	`cancel_requested_at` integer,
	`error` text,
	`result` text,
	`rerun_of` text,
	`traceparent` text,
	`created_at` integer NOT NULL,
	`queued_at` integer,
	`started_at` integer,
	`ended_at` integer,
	`deadline_at` integer,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`workspace_id`) REFERENCES `workspace`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `invocation_newest` ON `invocation` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `invocation_status_newest` ON `invocation` (`project_id`,`status`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `invocation_tool_newest` ON `invocation` (`project_id`,`tool`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `invocation_workspace_newest` ON `invocation` (`project_id`,`workspace_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `invocation_agent_newest` ON `invocation` (`project_id`,`agent_id`,`created_at`,`id`) WHERE agent_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `invocation_requester_newest` ON `invocation` (`project_id`,requested_by ->> '$.id',`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `invocation_surface_newest` ON `invocation` (`project_id`,`surface`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `invocation_deadline` ON `invocation` (`deadline_at`) WHERE deadline_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `invocation_queued` ON `invocation` (`workspace_id`,`queued_at`,`id`) WHERE status = 'queued';--> statement-breakpoint
CREATE TABLE `join_key` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`project_id` text NOT NULL,
	`registration_name` text,
	`region` text,
	`replace` integer NOT NULL,
	`workspaces` text NOT NULL,
	`uses` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `join_key_newest` ON `join_key` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `join_key_use` (
	`join_key_id` text NOT NULL,
	`signing_key` text NOT NULL,
	`curve_key` text NOT NULL,
	`agent_id` text NOT NULL,
	`status` text NOT NULL,
	`reserved_at` integer NOT NULL,
	`lapses_at` integer NOT NULL,
	PRIMARY KEY(`join_key_id`, `agent_id`),
	FOREIGN KEY (`join_key_id`) REFERENCES `join_key`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `join_key_use_reserved` ON `join_key_use` (`agent_id`) WHERE status = 'reserved';--> statement-breakpoint
CREATE INDEX `join_key_use_lapsing` ON `join_key_use` (`lapses_at`) WHERE status = 'reserved';--> statement-breakpoint
CREATE TABLE `journal` (
	`project_id` text NOT NULL,
	`seq` integer NOT NULL,
	`id` text NOT NULL,
	`at` text NOT NULL,
	`type` text NOT NULL,
	`actor` text NOT NULL,
	`key_id` text,
	`surface` text,
	`request_id` text,
	`subject` text NOT NULL,
	`refs` text NOT NULL,
	`data` text NOT NULL,
	`prev_hash` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`project_id`, `seq`),
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `journal_type` ON `journal` (`project_id`,`type`,`seq`);--> statement-breakpoint
CREATE INDEX `journal_invocation` ON `journal` (`project_id`,refs ->> '$.invocation_id',`seq`) WHERE refs ->> '$.invocation_id' IS NOT NULL;--> statement-breakpoint
CREATE TABLE `output_chunk` (
	`execution_id` text NOT NULL,
	`stream` text NOT NULL,
	`offset` integer NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`execution_id`, `stream`, `offset`),
	FOREIGN KEY (`execution_id`,`stream`) REFERENCES `output_stream`(`execution_id`,`stream`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `output_stream` (
	`execution_id` text NOT NULL,
	`stream` text NOT NULL,
	`project_id` text NOT NULL,
	`file_from` integer,
	PRIMARY KEY(`execution_id`, `stream`),
	FOREIGN KEY (`execution_id`) REFERENCES `execution`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `policy` (
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`project_id` text NOT NULL,
	`workspace_id` text,
	`name` text NOT NULL,
	`rules` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`id`, `version`),
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `policy_newest` ON `policy` (`project_id`,`workspace_id`,`created_at`,`version`);--> statement-breakpoint
CREATE TABLE `principal` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`groups` text NOT NULL,
	`disabled` integer NOT NULL,
	`created_by` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `principal_newest` ON `principal` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `project` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `project_slug_unique` ON `project` (`slug`);--> statement-breakpoint
CREATE TABLE `workspace` (
	`id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`type` text,
	`model` text,
	`paused` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `workspace_newest` ON `workspace` (`project_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `workspace_binding` (
	`workspace_id` text NOT NULL,
	`agent_id` text NOT NULL,
	`project_id` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace_id`, `agent_id`),
	FOREIGN KEY (`workspace_id`) REFERENCES `workspace`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`agent_id`) REFERENCES `agent`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `workspace_binding_agent` ON `workspace_binding` (`agent_id`);--> statement-breakpoint
CREATE INDEX `workspace_binding_newest` ON `workspace_binding` (`workspace_id`,`created_at`,`agent_id`);
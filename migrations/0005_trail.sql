CREATE TABLE `audit_checkpoint` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`at` integer NOT NULL,
	`jws` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_checkpoint_seq` ON `audit_checkpoint` (`seq`);--> statement-breakpoint
CREATE TABLE `audit_key` (
	`kid` text PRIMARY KEY NOT NULL,
	`jwk` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `audit_event` ADD `place` text;--> statement-breakpoint
ALTER TABLE `audit_event` ADD `means` text;--> statement-breakpoint
ALTER TABLE `audit_event` ADD `seq` integer;--> statement-breakpoint
ALTER TABLE `audit_event` ADD `previous` text;--> statement-breakpoint
ALTER TABLE `audit_event` ADD `hash` text;--> statement-breakpoint
ALTER TABLE `audit_event` ADD `commitment` text;--> statement-breakpoint
ALTER TABLE `audit_event` ADD `salt` text;--> statement-breakpoint
CREATE UNIQUE INDEX `audit_event_seq` ON `audit_event` (`seq`);--> statement-breakpoint
CREATE INDEX `audit_event_personal` ON `audit_event` (`at`) WHERE salt IS NOT NULL;
CREATE TABLE `audit_event` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`practitioner_id` text,
	`client_id` text,
	`detail` text
);
--> statement-breakpoint
CREATE INDEX `audit_event_practitioner` ON `audit_event` (`practitioner_id`,`at`);--> statement-breakpoint
CREATE INDEX `audit_event_at` ON `audit_event` (`at`);--> statement-breakpoint
CREATE TABLE `device` (
	`id` text PRIMARY KEY NOT NULL,
	`practitioner_id` text NOT NULL,
	`credential_id` text NOT NULL,
	`public_jwk` text NOT NULL,
	`name` text NOT NULL,
	`activation_mode` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `device_practitioner` ON `device` (`practitioner_id`);--> statement-breakpoint
CREATE TABLE `acquaintance` (
	`practitioner_id` text NOT NULL,
	`client_id` text NOT NULL,
	`scope` text NOT NULL,
	`first_at` integer NOT NULL,
	PRIMARY KEY(`practitioner_id`, `client_id`)
);
--> statement-breakpoint
CREATE TABLE `bond` (
	`id` text PRIMARY KEY NOT NULL,
	`practitioner_id` text NOT NULL,
	`secret_digest` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `bond_practitioner` ON `bond` (`practitioner_id`);--> statement-breakpoint
CREATE TABLE `passkey` (
	`credential_id` text PRIMARY KEY NOT NULL,
	`practitioner_id` text NOT NULL,
	`user_handle` text NOT NULL,
	`public_key` text NOT NULL,
	`counter` integer NOT NULL,
	`transports` text DEFAULT '[]' NOT NULL,
	`device_type` text NOT NULL,
	`backed_up` integer NOT NULL,
	`aaguid` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `passkey_practitioner` ON `passkey` (`practitioner_id`);--> statement-breakpoint
CREATE TABLE `relying_party` (
	`client_id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`profile` text NOT NULL,
	`status` text DEFAULT 'active' NOT NULL,
	`secret_digest` text,
	`metadata` text NOT NULL,
	`registered_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `practitioner` (
	`id` text PRIMARY KEY NOT NULL,
	`national_id` text NOT NULL,
	`family_name` text NOT NULL,
	`given_name` text NOT NULL,
	`status` text DEFAULT 'active' NOT NULL,
	`email` text DEFAULT '' NOT NULL,
	`phone` text DEFAULT '' NOT NULL,
	`record` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `practitioner_national_id_unique` ON `practitioner` (`national_id`);--> statement-breakpoint
CREATE INDEX `practitioner_name` ON `practitioner` (`family_name`,`given_name`);
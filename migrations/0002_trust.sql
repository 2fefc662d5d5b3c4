CREATE TABLE `trust_authority` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`der` text NOT NULL,
	`role` text NOT NULL,
	`purposes` text NOT NULL,
	`range` text NOT NULL,
	`environment` text NOT NULL,
	`policies` text NOT NULL,
	`issuer_key` text NOT NULL,
	`crl_urls` text NOT NULL,
	`ocsp_url` text,
	`added_at` integer NOT NULL,
	`retired_at` integer
);
--> statement-breakpoint
CREATE TABLE `revocation_list` (
	`issuer_key` text PRIMARY KEY NOT NULL,
	`url` text,
	`number` text,
	`this_update` integer,
	`next_update` integer,
	`scope` text,
	`entries` integer,
	`generation` integer,
	`importing` integer,
	`etag` text,
	`last_modified` text,
	`fetched_at` integer,
	`tried_at` integer,
	`problem` text
);
--> statement-breakpoint
CREATE TABLE `revoked_certificate` (
	`generation` integer NOT NULL,
	`serial` text NOT NULL,
	`revoked_at` integer NOT NULL,
	`reason` integer,
	PRIMARY KEY(`generation`, `serial`)
);

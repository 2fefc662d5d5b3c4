CREATE TABLE `structure_certificate_client` (
	`client_id` text NOT NULL,
	`certificate_id` text NOT NULL,
	PRIMARY KEY(`client_id`, `certificate_id`)
);
--> statement-breakpoint
CREATE TABLE `structure_certificate` (
	`id` text PRIMARY KEY NOT NULL,
	`structure_id` text NOT NULL,
	`subject` text NOT NULL,
	`name` text NOT NULL,
	`range` text NOT NULL,
	`thumbprint` text NOT NULL,
	`not_after` integer NOT NULL,
	`reminded` integer,
	`bound_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `structure_certificate_end` ON `structure_certificate` (`not_after`);--> statement-breakpoint
CREATE TABLE `structure` (
	`id` text PRIMARY KEY NOT NULL,
	`finess` text,
	`siret` text,
	`name` text NOT NULL,
	`entity` text,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `structure_siret` ON `structure` (`siret`);
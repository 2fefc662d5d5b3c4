ALTER TABLE `relying_party` ADD `registration_token_digest` text;--> statement-breakpoint
ALTER TABLE `relying_party` ADD `api_audience` text;--> statement-breakpoint
CREATE UNIQUE INDEX `relying_party_api_audience_unique` ON `relying_party` (`api_audience`);
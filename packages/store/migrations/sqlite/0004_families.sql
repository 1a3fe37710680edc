ALTER TABLE `webhook` RENAME COLUMN `last_failed_at` TO `failing_since`;--> statement-breakpoint
ALTER TABLE `principal` ADD `empowered_at` integer;--> statement-breakpoint
ALTER TABLE `api_key` RENAME COLUMN `ancestors` TO `families`;--> statement-breakpoint
ALTER TABLE `approval` RENAME COLUMN `request_key_id` TO `request_family`;--> statement-breakpoint
WITH RECURSIVE `root`(`id`, `family`) AS (
	SELECT `id`, `id` FROM `api_key` WHERE `rotated_from` IS NULL
	UNION ALL
	SELECT k.`id`, r.`family` FROM `root` r JOIN `api_key` k ON k.`rotated_from` = r.`id`
), `line`(`id`, `family`, `place`) AS (
	SELECT `id`, `family`, -1 FROM `root`
	UNION ALL
	SELECT k.`id`, r.`family`, a.`key` FROM `api_key` k JOIN json_each(k.`families`) a JOIN `root` r ON r.`id` = a.`value` WHERE k.`can_decide` = 1
), `nearest`(`id`, `family`, `place`) AS (
	SELECT `id`, `family`, min(`place`) FROM `line` GROUP BY `id`, `family`
)
UPDATE `api_key` SET `families` = made.`families`
FROM (SELECT `id`, json_group_array(`family` ORDER BY `place`) AS `families` FROM `nearest` GROUP BY `id`) AS made
WHERE made.`id` = `api_key`.`id`;--> statement-breakpoint
UPDATE `approval` SET `request_family` = coalesce((SELECT json_extract(k.`families`, '$[0]') FROM `api_key` k WHERE k.`id` = `approval`.`request_family`), `request_family`);--> statement-breakpoint
UPDATE `sign_in_link` SET `rights` = json_remove(json_set(`rights`,
	'$.minterKeyId', json_extract(`rights`, '$.ancestors[0]'),
	'$.behind', json((SELECT json_group_array(`family` ORDER BY `place`) FROM (
		SELECT json_extract(k.`families`, '$[0]') AS `family`, min(a.`key`) AS `place`
		FROM json_each(`sign_in_link`.`rights`, '$.ancestors') a JOIN `api_key` k ON k.`id` = a.`value` GROUP BY 1)))
), '$.ancestors');

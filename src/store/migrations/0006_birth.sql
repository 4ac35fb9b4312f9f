-- A case is looked for by date of birth as well, whatever was read of the name
-- (decide::register::KeyKind::Birth).
INSERT OR IGNORE INTO case_keys (kind, value, opened_at, case_ref)
SELECT 'birth', substr(value, 1, 10), opened_at, case_ref
FROM case_keys
WHERE kind = 'birth_and_family';

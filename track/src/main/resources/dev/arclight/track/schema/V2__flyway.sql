-- Flyway keeps the versions; the list of the time before it goes.
DROP TABLE IF EXISTS schema_versions;

-- Finds a run by its name among a hundred thousand.
CREATE INDEX runs_by_name ON runs {index of names};

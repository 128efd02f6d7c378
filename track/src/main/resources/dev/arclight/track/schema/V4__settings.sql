-- What a store knows of itself: where its artifacts lie, if not in its own folder.
CREATE TABLE store_settings (
  key {text} NOT NULL PRIMARY KEY,
  value {text} NOT NULL
) {clustered};

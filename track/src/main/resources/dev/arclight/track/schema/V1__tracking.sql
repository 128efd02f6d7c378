-- Runs, metrics, logged models and the registry. Words in braces are the database's own: see Dialect.
CREATE TABLE experiments (
  id {identity},
  name {text} NOT NULL UNIQUE,
  artifact_location {text} NOT NULL,
  lifecycle {text} NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL
);

CREATE TABLE experiment_tags (
  experiment_id BIGINT NOT NULL REFERENCES experiments (id),
  key {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (experiment_id, key)
) {clustered};

-- Numbers rather than uuids tie the tables together: ten million metrics take a third of the space.
CREATE TABLE runs (
  id {identity},
  uuid {text} NOT NULL UNIQUE,
  experiment_id BIGINT NOT NULL REFERENCES experiments (id),
  name {text} NOT NULL,
  status {text} NOT NULL,
  user_name {text} NOT NULL,
  started BIGINT NOT NULL,
  ended BIGINT,
  lifecycle {text} NOT NULL,
  deleted BIGINT,
  artifact_uri {text} NOT NULL
);

CREATE INDEX runs_by_start ON runs (experiment_id, lifecycle, started DESC, uuid);

CREATE TABLE params (
  run_id BIGINT NOT NULL REFERENCES runs (id),
  key {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (run_id, key)
) {clustered};

CREATE INDEX params_by_value ON params (key, {indexed value}, run_id);

CREATE TABLE tags (
  run_id BIGINT NOT NULL REFERENCES runs (id),
  key {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (run_id, key)
) {clustered};

CREATE INDEX tags_by_value ON tags (key, {indexed value}, run_id);

CREATE TABLE metric_keys (
  id {identity},
  name {text} NOT NULL UNIQUE
);

-- NaN is value 0 with is_nan 1: SQLite would store NaN as NULL. No foreign keys here: the writer has just read both
-- rows in the same transaction, and checking each of ten million points again costs a third of the time.
CREATE TABLE metrics (
  run_id BIGINT NOT NULL,
  key_id BIGINT NOT NULL,
  step BIGINT NOT NULL,
  at BIGINT NOT NULL,
  value {double} NOT NULL,
  is_nan SMALLINT NOT NULL,
  PRIMARY KEY (run_id, key_id, step, at, value, is_nan)
) {clustered};

CREATE TABLE latest_metrics (
  run_id BIGINT NOT NULL,
  key_id BIGINT NOT NULL,
  step BIGINT NOT NULL,
  at BIGINT NOT NULL,
  value {double} NOT NULL,
  is_nan SMALLINT NOT NULL,
  PRIMARY KEY (run_id, key_id)
) {clustered};

CREATE INDEX latest_metrics_by_value ON latest_metrics (key_id, value, is_nan, run_id);

CREATE TABLE datasets (
  id {identity},
  run_id BIGINT NOT NULL REFERENCES runs (id),
  name {text} NOT NULL,
  digest {text} NOT NULL,
  source_type {text} NOT NULL,
  source {text} NOT NULL,
  schema_json {text},
  profile_json {text},
  tags_json {text} NOT NULL,
  context {text},
  UNIQUE (run_id, name, digest)
);

CREATE TABLE run_models (
  run_id BIGINT NOT NULL REFERENCES runs (id),
  model_id {text} NOT NULL,
  output SMALLINT NOT NULL,
  step BIGINT NOT NULL,
  PRIMARY KEY (run_id, output, model_id, step)
) {clustered};

CREATE TABLE logged_models (
  id {identity},
  uuid {text} NOT NULL UNIQUE,
  experiment_id BIGINT NOT NULL REFERENCES experiments (id),
  name {text} NOT NULL,
  artifact_uri {text} NOT NULL,
  status {text} NOT NULL,
  status_message {text} NOT NULL,
  run_uuid {text} NOT NULL,
  model_type {text} NOT NULL,
  lifecycle {text} NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL
);

CREATE INDEX logged_models_by_time ON logged_models (experiment_id, lifecycle, created DESC, uuid);

CREATE TABLE logged_model_params (
  model_id BIGINT NOT NULL REFERENCES logged_models (id),
  key {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (model_id, key)
) {clustered};

CREATE TABLE logged_model_tags (
  model_id BIGINT NOT NULL REFERENCES logged_models (id),
  key {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (model_id, key)
) {clustered};

-- The latest value of each key on each dataset.
CREATE TABLE logged_model_metrics (
  model_id BIGINT NOT NULL REFERENCES logged_models (id),
  key_id BIGINT NOT NULL REFERENCES metric_keys (id),
  dataset_name {text} NOT NULL,
  dataset_digest {text} NOT NULL,
  run_uuid {text} NOT NULL,
  step BIGINT NOT NULL,
  at BIGINT NOT NULL,
  value {double} NOT NULL,
  is_nan SMALLINT NOT NULL,
  PRIMARY KEY (model_id, key_id, dataset_name, dataset_digest)
) {clustered};

CREATE TABLE registered_models (
  id {identity},
  name {text} NOT NULL UNIQUE,
  description {text} NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  last_version INTEGER NOT NULL
);

CREATE TABLE registered_model_tags (
  model_id BIGINT NOT NULL REFERENCES registered_models (id),
  key {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (model_id, key)
) {clustered};

CREATE TABLE versions (
  model_id BIGINT NOT NULL REFERENCES registered_models (id),
  version INTEGER NOT NULL,
  source {text} NOT NULL,
  run_uuid {text} NOT NULL,
  logged_model {text} NOT NULL,
  stage {text} NOT NULL,
  description {text} NOT NULL,
  user_name {text} NOT NULL,
  run_link {text} NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  PRIMARY KEY (model_id, version)
);

CREATE INDEX versions_by_run ON versions (run_uuid);

CREATE TABLE version_tags (
  model_id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  key {text} NOT NULL,
  value {text} NOT NULL,
  PRIMARY KEY (model_id, version, key),
  FOREIGN KEY (model_id, version) REFERENCES versions (model_id, version)
) {clustered};

CREATE TABLE aliases (
  model_id BIGINT NOT NULL,
  alias {text} NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (model_id, alias),
  FOREIGN KEY (model_id, version) REFERENCES versions (model_id, version)
) {clustered};

-- Only ever added to; no foreign key, since it outlives what it tells about.
CREATE TABLE alias_history (
  id {identity},
  model_id BIGINT NOT NULL,
  name {text} NOT NULL,
  alias {text} NOT NULL,
  kind {text} NOT NULL,
  from_version INTEGER,
  to_version INTEGER,
  at BIGINT NOT NULL,
  who {text} NOT NULL,
  why {text} NOT NULL,
  evidence {text} NOT NULL
);

CREATE INDEX alias_history_by_model ON alias_history (model_id, alias, id);

{append_only alias_history};

INSERT INTO experiments (id, name, artifact_location, lifecycle, created, updated)
SELECT 0, 'Default', 'mlflow-artifacts:/0', 'active', {now}, {now};

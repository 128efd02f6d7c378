# Who a job is. Least privilege: on its own buckets and dataset, and on the project only what cannot be given on less.
resource "google_service_account" "jobs" {
  account_id   = "${var.name}-jobs"
  display_name = "Jobs of ${var.name}"
}

resource "google_storage_bucket_iam_member" "jobs_lake" {
  bucket = google_storage_bucket.lake.name
  role   = "roles/storage.objectUser"
  member = google_service_account.jobs.member
}

resource "google_storage_bucket_iam_member" "jobs_staging" {
  bucket = google_storage_bucket.staging.name
  role   = "roles/storage.objectUser"
  member = google_service_account.jobs.member
}

# Dataproc's agent and the connector ask for the bucket itself too.
resource "google_storage_bucket_iam_member" "jobs_buckets" {
  for_each = {
    lake    = google_storage_bucket.lake.name
    staging = google_storage_bucket.staging.name
  }
  bucket = each.value
  role   = "roles/storage.legacyBucketReader"
  member = google_service_account.jobs.member
}

resource "google_bigquery_dataset_iam_member" "jobs" {
  dataset_id = google_bigquery_dataset.this.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = google_service_account.jobs.member
}

# Jobs of BigQuery and nodes of Dataproc belong to a project, not to anything smaller. roles/dataproc.worker would also
# give every bucket of the project; the permissions below are that role's without storage.
resource "google_project_iam_custom_role" "jobs" {
  role_id = "${var.name}Jobs"
  title   = "Jobs of ${var.name}"
  permissions = [
    "bigquery.jobs.create",
    "bigquery.readsessions.create",
    "bigquery.readsessions.getData",
    "bigquery.readsessions.update",
    "dataproc.agents.create",
    "dataproc.agents.delete",
    "dataproc.agents.get",
    "dataproc.agents.list",
    "dataproc.agents.update",
    "dataproc.batches.sparkApplicationWrite",
    "dataproc.tasks.lease",
    "dataproc.tasks.listInvalidatedLeases",
    "dataproc.tasks.reportStatus",
    "logging.logEntries.create",
    "monitoring.metricDescriptors.create",
    "monitoring.metricDescriptors.get",
    "monitoring.metricDescriptors.list",
    "monitoring.monitoredResourceDescriptors.get",
    "monitoring.monitoredResourceDescriptors.list",
    "monitoring.timeSeries.create",
  ]
}

resource "google_project_iam_member" "jobs" {
  project = var.project
  role    = google_project_iam_custom_role.jobs.id
  member  = google_service_account.jobs.member
}

# People submit jobs, which run as the account above.
resource "google_project_iam_member" "users" {
  for_each = var.users
  project  = var.project
  role     = "roles/dataproc.editor"
  member   = each.key
}

resource "google_service_account_iam_member" "users" {
  for_each           = var.users
  service_account_id = google_service_account.jobs.name
  role               = "roles/iam.serviceAccountUser"
  member             = each.key
}

resource "google_storage_bucket_iam_member" "users_lake" {
  for_each = var.users
  bucket   = google_storage_bucket.lake.name
  role     = "roles/storage.objectUser"
  member   = each.key
}

resource "google_storage_bucket_iam_member" "users_staging" {
  for_each = var.users
  bucket   = google_storage_bucket.staging.name
  role     = "roles/storage.objectUser"
  member   = each.key
}

resource "google_bigquery_dataset_iam_member" "users" {
  for_each   = var.users
  dataset_id = google_bigquery_dataset.this.dataset_id
  role       = "roles/bigquery.dataEditor"
  member     = each.key
}

resource "google_storage_bucket" "lake" {
  # checkov:skip=CKV_GCP_62: Google's own log of reads needs a second bucket; the audit log keeps changes
  name                        = "${var.project}-${var.name}-lake"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # "make destroy" leaves nothing behind

  versioning {
    enabled = true
  }
  soft_delete_policy {
    retention_duration_seconds = 0 # versions do it, and end with the bucket
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 7
    }
  }
}

# Jars that were submitted, and what Dataproc and BigQuery's connector write in between.
resource "google_storage_bucket" "staging" {
  # checkov:skip=CKV_GCP_62: nothing here is kept
  # checkov:skip=CKV_GCP_78: nothing here is kept
  name                        = "${var.project}-${var.name}-staging"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true

  soft_delete_policy {
    retention_duration_seconds = 0
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 14
    }
  }
}

resource "google_bigquery_dataset" "this" {
  # checkov:skip=CKV_GCP_81: a key of one's own would stay behind: Google's key rings cannot be deleted
  dataset_id                 = var.name
  location                   = var.region
  delete_contents_on_destroy = true
  depends_on                 = [google_project_service.used]
}

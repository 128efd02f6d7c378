# What "make refresh-conf ENV=gcp" writes; nothing here is secret.

output "project" {
  description = "Id of the project."
  value       = var.project
}

output "region" {
  description = "The region."
  value       = var.region
}

output "cluster" {
  description = "The cluster's name; empty where there is none."
  value       = one(google_dataproc_cluster.this[*].name) == null ? "" : google_dataproc_cluster.this[0].name
}

output "subnetwork" {
  description = "Where serverless batches run."
  value       = google_compute_subnetwork.this.name
}

output "service_account" {
  description = "Who jobs are."
  value       = google_service_account.jobs.email
}

output "lake" {
  description = "The lake, as Arclight and Spark name it."
  value       = "gs://${google_storage_bucket.lake.name}/"
}

output "staging" {
  description = "The bucket for jars and what is written in between."
  value       = google_storage_bucket.staging.name
}

output "dataset" {
  description = "BigQuery's dataset."
  value       = google_bigquery_dataset.this.dataset_id
}

# Two workers, more while YARN has work waiting. An idle cluster deletes itself, and "make create" makes it again.
resource "google_dataproc_autoscaling_policy" "this" {
  count     = var.cluster ? 1 : 0
  policy_id = var.name
  location  = var.region

  worker_config {
    min_instances = 2
    max_instances = 2
  }
  secondary_worker_config {
    min_instances = 0
    max_instances = var.most_workers
  }
  basic_algorithm {
    cooldown_period = "120s"
    yarn_config {
      graceful_decommission_timeout = "600s"
      scale_up_factor               = 1
      scale_down_factor             = 1
    }
  }
  depends_on = [google_project_service.used]
}

resource "google_dataproc_cluster" "this" {
  # checkov:skip=CKV_GCP_91: a key of one's own would stay behind: Google's key rings cannot be deleted
  count  = var.cluster ? 1 : 0
  name   = var.name
  region = var.region

  cluster_config {
    staging_bucket = google_storage_bucket.staging.name
    temp_bucket    = google_storage_bucket.staging.name

    gce_cluster_config {
      subnetwork             = google_compute_subnetwork.this.id
      internal_ip_only       = true
      service_account        = google_service_account.jobs.email
      service_account_scopes = ["https://www.googleapis.com/auth/cloud-platform"] # what it may is settled by its roles

      shielded_instance_config {
        enable_secure_boot          = true
        enable_vtpm                 = true
        enable_integrity_monitoring = true
      }
    }
    master_config {
      num_instances = 1
      machine_type  = var.machine_type
      disk_config {
        boot_disk_size_gb = 100
      }
    }
    worker_config {
      num_instances = 2
      machine_type  = var.machine_type
      disk_config {
        boot_disk_size_gb = 100
      }
    }
    software_config {
      image_version = var.image_version
    }
    autoscaling_config {
      policy_uri = google_dataproc_autoscaling_policy.this[0].name
    }
    lifecycle_config {
      idle_delete_ttl = "${var.idle_minutes * 60}s"
    }
  }

  depends_on = [
    google_compute_firewall.inside,
    google_project_iam_member.jobs,
    google_storage_bucket_iam_member.jobs_staging,
    google_storage_bucket_iam_member.jobs_buckets,
  ]
}

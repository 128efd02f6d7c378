resource "google_project_service" "used" {
  for_each = toset([
    "bigquery.googleapis.com",
    "bigquerystorage.googleapis.com",
    "compute.googleapis.com",
    "dataproc.googleapis.com",
    "storage.googleapis.com",
  ])
  service            = each.key
  disable_on_destroy = false # others in the project may use it; it costs nothing
}

resource "google_compute_network" "this" {
  name                    = var.name
  auto_create_subnetworks = false
  depends_on              = [google_project_service.used]
}

# Nodes and serverless batches have no addresses of their own; Google's services are reached from inside.
resource "google_compute_subnetwork" "this" {
  # checkov:skip=CKV_GCP_76: this subnetwork has no IPv6 to reach Google by
  name                     = var.name
  network                  = google_compute_network.this.id
  ip_cidr_range            = "10.30.0.0/20"
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# Spark's drivers and executors talk to one another on any port; nothing comes in from elsewhere.
resource "google_compute_firewall" "inside" {
  name                    = "${var.name}-inside"
  network                 = google_compute_network.this.id
  direction               = "INGRESS"
  source_service_accounts = [google_service_account.jobs.email]
  target_service_accounts = [google_service_account.jobs.email]

  allow {
    protocol = "tcp"
  }
  allow {
    protocol = "udp"
  }
  allow {
    protocol = "icmp"
  }
}

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.12"
    }
  }

  # The bucket comes from deploy/infrastructure: made before and removed after all else.
  backend "gcs" {
    prefix = "gcp"
  }
}

provider "google" {
  project = var.project
  region  = var.region
}

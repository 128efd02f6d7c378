variable "project" {
  description = "Id of the project that pays."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project must be the id of a project, such as gcloud config get-value project prints."
  }
}

variable "name" {
  description = "Begins every name."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{2,14}$", var.name))
    error_message = "name must be 3 to 15 lower-case letters and digits, a letter first."
  }
}

variable "region" {
  description = "Region, such as europe-west4."
  type        = string
}

variable "image_version" {
  description = "Dataproc's image of the cluster."
  type        = string
}

variable "machine_type" {
  description = "Machine of the cluster's nodes."
  type        = string
}

variable "cluster" {
  description = "Whether there is a cluster; serverless batches need none."
  type        = bool
}

variable "most_workers" {
  description = "Most workers beyond the two that a cluster always has."
  type        = number
  validation {
    condition     = var.most_workers >= 0
    error_message = "most_workers must be at least 0."
  }
}

variable "idle_minutes" {
  description = "How long an idle cluster stays before it deletes itself; at least 5."
  type        = number
  validation {
    condition     = var.idle_minutes >= 5
    error_message = "idle_minutes must be at least 5, the shortest that Dataproc takes."
  }
}

variable "users" {
  description = "Who submits jobs, such as user:you@example.org."
  type        = set(string)
}

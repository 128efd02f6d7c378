variable "subscription" {
  description = "Id of the subscription that pays."
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.subscription))
    error_message = "subscription must be the id of a subscription, such as az account show --query id prints."
  }
}

variable "name" {
  description = "Begins every name; the storage account of the state is named by it, unique in all of Azure."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9]{2,14}$", var.name))
    error_message = "name must be 3 to 15 lower-case letters and digits, a letter first."
  }
}

variable "location" {
  description = "Region, such as westeurope."
  type        = string
}

variable "spark_version" {
  description = "Databricks' runtime; the part after the x must name Scala 2.13."
  type        = string
  validation {
    condition     = endswith(var.spark_version, "-scala2.13")
    error_message = "spark_version must end in -scala2.13, such as 17.3.x-scala2.13: Arclight is built for Scala 2.13."
  }
}

variable "node_size" {
  description = "Machine of the clusters."
  type        = string
}

variable "most_workers" {
  description = "Most workers of a job's cluster."
  type        = number
  validation {
    condition     = var.most_workers >= 1
    error_message = "most_workers must be at least 1."
  }
}

variable "idle_minutes" {
  description = "How long the idle single-node cluster stays on; at least 10."
  type        = number
  validation {
    condition     = var.idle_minutes >= 10
    error_message = "idle_minutes must be at least 10, the shortest that Databricks takes."
  }
}

variable "job" {
  description = "The job: its jar on a volume (empty: no job), main class and arguments."
  type = object({
    jar        = string
    main_class = string
    arguments  = list(string)
  })
  validation {
    condition     = var.job.jar == "" || startswith(var.job.jar, "/Volumes/") || startswith(var.job.jar, "abfss://")
    error_message = "job.jar must be a path under /Volumes/ or an abfss:// URI, or empty."
  }
}

variable "subscription" {
  description = "Id of the subscription that pays."
  type        = string
  validation {
    condition     = can(regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", var.subscription))
    error_message = "subscription must be the id of a subscription, such as az account show --query id prints."
  }
}

variable "name" {
  description = "Begins every name. Names of storage accounts, registries and vaults are unique in all of Azure."
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

variable "replication" {
  description = "How often the lake is kept: LRS, ZRS, GRS or GZRS."
  type        = string
  validation {
    condition     = contains(["LRS", "ZRS", "GRS", "GZRS"], var.replication)
    error_message = "replication must be LRS, ZRS, GRS or GZRS."
  }
}

variable "node_size" {
  description = "Machine of the compute cluster."
  type        = string
}

variable "node_count" {
  description = "Most nodes of the compute cluster; the fewest are none."
  type        = number
  validation {
    condition     = var.node_count >= 1
    error_message = "node_count must be at least 1."
  }
}

variable "node_priority" {
  description = "Dedicated, or LowPriority: cheaper, and taken away when Azure needs the nodes."
  type        = string
  validation {
    condition     = contains(["Dedicated", "LowPriority"], var.node_priority)
    error_message = "node_priority must be Dedicated or LowPriority."
  }
}

variable "idle_minutes" {
  description = "How long an idle node stays."
  type        = number
}

variable "allowed_ips" {
  description = "Public addresses or ranges from which the lake, the vault and the workspace's storage may be reached."
  type        = list(string)
}

variable "users" {
  description = "Object ids of the people (or groups) who submit jobs and read and write the lake."
  type        = set(string)
}

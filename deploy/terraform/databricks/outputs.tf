# What "make refresh-conf ENV=databricks" writes; nothing here is secret.

output "host" {
  description = "The workspace's address."
  value       = "https://${azurerm_databricks_workspace.this.workspace_url}"
}

output "cluster" {
  description = "Id of the single-node cluster."
  value       = databricks_cluster.single_node.id
}

output "policy" {
  description = "Id of the policy that clusters of jobs follow."
  value       = databricks_cluster_policy.jobs.id
}

output "job" {
  description = "Id of the job; empty where there is none."
  value       = one(databricks_job.this[*].id) == null ? "" : databricks_job.this[0].id
}

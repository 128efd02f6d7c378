# What "make refresh-conf ENV=azure" writes; nothing here is secret.

output "subscription" {
  description = "Id of the subscription."
  value       = var.subscription
}

output "resource_group" {
  description = "The resource group that holds everything."
  value       = azurerm_resource_group.this.name
}

output "workspace" {
  description = "The workspace's name."
  value       = azurerm_machine_learning_workspace.this.name
}

output "compute" {
  description = "The compute cluster's name."
  value       = azurerm_machine_learning_compute_cluster.ray.name
}

output "lake" {
  description = "The lake, as Arclight and Spark name it."
  value       = "azureml://datastores/${azurerm_machine_learning_datastore_datalake_gen2.lake.name}/paths/"
}

output "images" {
  description = "The registry that images are pushed to."
  value       = azurerm_container_registry.this.login_server
}

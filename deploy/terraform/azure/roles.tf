# Least privilege: each role on the one resource that it is needed on, none on the subscription.

resource "azurerm_role_assignment" "jobs_lake" {
  scope                = azurerm_storage_account.lake.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.jobs.principal_id
  principal_type       = "ServicePrincipal"
}

# A job writes its own runs and looks up datastores; it cannot make or delete compute.
resource "azurerm_role_assignment" "jobs_workspace" {
  scope                = azurerm_machine_learning_workspace.this.id
  role_definition_name = "AzureML Data Scientist"
  principal_id         = azurerm_user_assigned_identity.jobs.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "jobs_images" {
  scope                = azurerm_container_registry.this.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.jobs.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "jobs_files" {
  scope                = azurerm_storage_account.workspace.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.jobs.principal_id
  principal_type       = "ServicePrincipal"
}

# The workspace approves its own private endpoints to the lake.
resource "azurerm_role_assignment" "workspace_network" {
  scope                = azurerm_storage_account.lake.id
  role_definition_name = "Azure AI Enterprise Network Connection Approver"
  principal_id         = azurerm_machine_learning_workspace.this.identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "users_lake" {
  for_each             = var.users
  scope                = azurerm_storage_account.lake.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = each.key
}

resource "azurerm_role_assignment" "users_workspace" {
  for_each             = var.users
  scope                = azurerm_machine_learning_workspace.this.id
  role_definition_name = "AzureML Data Scientist"
  principal_id         = each.key
}

resource "azurerm_role_assignment" "users_files" {
  for_each             = var.users
  scope                = azurerm_storage_account.workspace.id
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = each.key
}

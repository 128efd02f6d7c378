resource "azurerm_resource_group" "this" {
  name     = "${var.name}-databricks"
  location = var.location
}

resource "azurerm_databricks_workspace" "this" {
  # checkov:skip=CKV_AZURE_158: a program on a laptop is to work; who comes in is settled by identity
  # checkov:skip=CKV2_AZURE_48: a key of one's own would have to stay in a vault that cannot be purged
  name                              = var.name
  resource_group_name               = azurerm_resource_group.this.name
  managed_resource_group_name       = "${var.name}-databricks-managed"
  location                          = azurerm_resource_group.this.location
  sku                               = "premium" # roles are this tier's
  public_network_access_enabled     = true
  infrastructure_encryption_enabled = true

  custom_parameters {
    no_public_ip = true
  }
}

data "databricks_current_user" "me" {
  depends_on = [azurerm_databricks_workspace.this]
}

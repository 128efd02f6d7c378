data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "this" {
  name     = var.name
  location = var.location
}

# Who a job is: the compute cluster's identity, and nobody's password.
resource "azurerm_user_assigned_identity" "jobs" {
  name                = "${var.name}-jobs"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
}

resource "azurerm_log_analytics_workspace" "this" {
  name                = "${var.name}-logs"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  sku                 = "PerGB2018"
  retention_in_days   = 30
}

resource "azurerm_application_insights" "this" {
  name                          = "${var.name}-insights"
  resource_group_name           = azurerm_resource_group.this.name
  location                      = azurerm_resource_group.this.location
  workspace_id                  = azurerm_log_analytics_workspace.this.id
  application_type              = "other"
  local_authentication_disabled = true
}

resource "azurerm_key_vault" "this" {
  # checkov:skip=CKV_AZURE_42: with protection against purging, "make destroy" could not leave nothing behind
  # checkov:skip=CKV_AZURE_110: the same
  # checkov:skip=CKV_AZURE_189: reached from allowed_ips and through private endpoints only
  # checkov:skip=CKV2_AZURE_32: the workspace's network makes the private endpoint
  name                       = "${var.name}-vault"
  resource_group_name        = azurerm_resource_group.this.name
  location                   = azurerm_resource_group.this.location
  tenant_id                  = data.azurerm_client_config.current.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = false
  soft_delete_retention_days = 7

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
    ip_rules       = var.allowed_ips
  }
}

resource "azurerm_container_registry" "this" {
  # checkov:skip=CKV_AZURE_139: a private registry is the Premium tier's alone, at ten times the price
  # checkov:skip=CKV_AZURE_163: scanning is Defender's, which is switched on for a subscription
  # checkov:skip=CKV_AZURE_164: signed images are the Premium tier's
  # checkov:skip=CKV_AZURE_165: one region
  # checkov:skip=CKV_AZURE_166: quarantine is the Premium tier's
  # checkov:skip=CKV_AZURE_167: untagged images are removed by the Premium tier only
  # checkov:skip=CKV_AZURE_233: zones are the Premium tier's
  # checkov:skip=CKV_AZURE_237: data endpoints are the Premium tier's
  name                = "${var.name}images"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  sku                 = "Basic"
  admin_enabled       = false
}

resource "azurerm_machine_learning_workspace" "this" {
  # checkov:skip=CKV_AZURE_144: a program on a laptop is to work; who comes in is settled by identity
  # checkov:skip=CKV2_AZURE_49: the same; nodes are in the managed network below
  # checkov:skip=CKV2_AZURE_50: its storage denies all but allowed_ips and the private endpoints
  name                          = var.name
  resource_group_name           = azurerm_resource_group.this.name
  location                      = azurerm_resource_group.this.location
  application_insights_id       = azurerm_application_insights.this.id
  key_vault_id                  = azurerm_key_vault.this.id
  storage_account_id            = azurerm_storage_account.workspace.id
  container_registry_id         = azurerm_container_registry.this.id
  public_network_access_enabled = true

  identity {
    type = "SystemAssigned"
  }

  # Nodes live in a network that Azure ML keeps, without addresses of their own.
  managed_network {
    isolation_mode = "AllowInternetOutbound"
  }
}

# The way from that network to the lake: names of both endpoints are asked for by ABFS and by the SDKs.
resource "azurerm_machine_learning_workspace_network_outbound_rule_private_endpoint" "lake" {
  for_each            = toset(["blob", "dfs"])
  name                = "lake-${each.key}"
  workspace_id        = azurerm_machine_learning_workspace.this.id
  service_resource_id = azurerm_storage_account.lake.id
  sub_resource_target = each.key
  depends_on          = [azurerm_role_assignment.workspace_network]
}

# No secret in it: whoever reads or writes, a job or a person, does so as themselves.
resource "azurerm_machine_learning_datastore_datalake_gen2" "lake" {
  name                 = "lake"
  workspace_id         = azurerm_machine_learning_workspace.this.id
  storage_container_id = azurerm_storage_container.lake.id
}

resource "azurerm_machine_learning_compute_cluster" "ray" {
  name                          = "ray"
  machine_learning_workspace_id = azurerm_machine_learning_workspace.this.id
  location                      = azurerm_resource_group.this.location
  vm_size                       = var.node_size
  vm_priority                   = var.node_priority
  local_auth_enabled            = false
  ssh_public_access_enabled     = false
  node_public_ip_enabled        = false

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.jobs.id]
  }

  scale_settings {
    min_node_count                       = 0
    max_node_count                       = var.node_count
    scale_down_nodes_after_idle_duration = "PT${var.idle_minutes}M"
  }
}

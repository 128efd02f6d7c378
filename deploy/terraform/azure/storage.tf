# The lake: ADLS Gen2. Reached by identity alone, from the workspace's own network and from allowed_ips.
resource "azurerm_storage_account" "lake" {
  # checkov:skip=CKV_AZURE_33: there is no queue in it
  # checkov:skip=CKV_AZURE_59: reached from allowed_ips and through private endpoints only; a program on a laptop is to work
  # checkov:skip=CKV_AZURE_206: replication is the user's to choose and to pay for
  # checkov:skip=CKV2_AZURE_1: a key of one's own would have to stay in a vault that cannot be purged
  # checkov:skip=CKV2_AZURE_33: the workspace's network makes the private endpoints, see workspace.tf
  name                              = "${var.name}lake"
  resource_group_name               = azurerm_resource_group.this.name
  location                          = azurerm_resource_group.this.location
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = var.replication
  is_hns_enabled                    = true
  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  shared_access_key_enabled         = false
  local_user_enabled                = false
  default_to_oauth_authentication   = true
  infrastructure_encryption_enabled = true

  blob_properties {
    delete_retention_policy {
      days = 7
    }
    container_delete_retention_policy {
      days = 7
    }
  }

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
    ip_rules       = var.allowed_ips
  }
}

resource "azurerm_storage_container" "lake" {
  # checkov:skip=CKV2_AZURE_21: Azure's own log of reads costs as much as the reads; the activity log keeps changes
  name                  = "lake"
  storage_account_id    = azurerm_storage_account.lake.id
  container_access_type = "private"
}

# What the workspace keeps of its own: code and logs of jobs. It may have no hierarchical namespace.
resource "azurerm_storage_account" "workspace" {
  # checkov:skip=CKV_AZURE_33: Azure ML makes its own queues
  # checkov:skip=CKV_AZURE_59: reached from allowed_ips and through private endpoints only
  # checkov:skip=CKV_AZURE_206: code and logs of jobs, which can be sent again
  # checkov:skip=CKV2_AZURE_1: a key of one's own would have to stay in a vault that cannot be purged
  # checkov:skip=CKV2_AZURE_40: Azure ML opens its own datastores by the account's key; azurerm has no setting for identity there
  # checkov:skip=CKV2_AZURE_33: the workspace's network makes the private endpoints
  name                              = "${var.name}aml"
  resource_group_name               = azurerm_resource_group.this.name
  location                          = azurerm_resource_group.this.location
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = "LRS"
  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  shared_access_key_enabled         = true
  local_user_enabled                = false
  default_to_oauth_authentication   = true
  infrastructure_encryption_enabled = true

  blob_properties {
    delete_retention_policy {
      days = 7
    }
  }

  sas_policy {
    expiration_period = "01.00:00:00"
  }

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
    ip_rules       = var.allowed_ips
  }
}

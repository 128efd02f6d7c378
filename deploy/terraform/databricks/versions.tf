terraform {
  required_version = ">= 1.9.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.55"
    }
    databricks = {
      source  = "databricks/databricks"
      version = "~> 1.98"
    }
  }

  # The rest comes from deploy/infrastructure: a container of its own, made before and removed after all else.
  backend "azurerm" {
    container_name   = "tfstate"
    key              = "databricks.tfstate"
    use_azuread_auth = true
  }
}

provider "azurerm" {
  subscription_id     = var.subscription
  storage_use_azuread = true

  features {
    resource_group {
      prevent_deletion_if_contains_resources = false
    }
    databricks_workspace {
      force_delete = true # what Databricks itself put into its managed group goes too
    }
  }
}

# Signed in by what "az login" left: no token is made, so none is in the state.
provider "databricks" {
  host                        = azurerm_databricks_workspace.this.workspace_url
  azure_workspace_resource_id = azurerm_databricks_workspace.this.id
  auth_type                   = "azure-cli"
}

terraform {
  required_version = ">= 1.9.0"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.55"
    }
  }

  # The rest comes from deploy/infrastructure: a container of its own, made before and removed after all else.
  backend "azurerm" {
    container_name   = "tfstate"
    key              = "azure.tfstate"
    use_azuread_auth = true
  }
}

provider "azurerm" {
  subscription_id     = var.subscription
  storage_use_azuread = true # no account key is ever asked for

  # "make destroy" leaves nothing behind: not what Azure would keep as deleted, nor what others put into the group.
  features {
    application_insights {
      disable_generated_rule = true
    }
    key_vault {
      purge_soft_delete_on_destroy = true
    }
    log_analytics_workspace {
      permanently_delete_on_destroy = true
    }
    machine_learning {
      purge_soft_deleted_workspace_on_destroy = true
    }
    resource_group {
      prevent_deletion_if_contains_resources = false
    }
    storage {
      data_plane_available = false # it is behind the accounts' firewalls; everything is made by Resource Manager
    }
  }
}

# Everything about the Azure environment that is yours to choose. No secrets: you are who "az login" says you are.
subscription  = "00000000-0000-0000-0000-000000000000" # az account show --query id
name          = "arclight"                             # unique in all of Azure: storage and registry are named by it
location      = "westeurope"
replication   = "LRS"
node_size     = "Standard_D4s_v5"
node_count    = 4
node_priority = "Dedicated"
idle_minutes  = 10
allowed_ips   = [] # your own public address, such as "203.0.113.7"; none: only jobs reach the lake
users         = [] # az ad signed-in-user show --query id

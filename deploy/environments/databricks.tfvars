# Everything about the Databricks environment that is yours to choose. No secrets: you are who "az login" says you are.
subscription  = "00000000-0000-0000-0000-000000000000" # az account show --query id
name          = "arclight"                             # unique in all of Azure: the state's storage is named by it
location      = "westeurope"
spark_version = "17.3.x-scala2.13"
node_size     = "Standard_D4ds_v5"
most_workers  = 4
idle_minutes  = 20
job = {
  jar        = "" # such as "/Volumes/main/default/jobs/app.jar"
  main_class = ""
  arguments  = []
}

# One node for one person: to try things, and for "arclight submit --master databricks" with small data. It is off when idle.
resource "databricks_cluster" "single_node" {
  cluster_name            = "${var.name}-single-node"
  spark_version           = var.spark_version
  node_type_id            = var.node_size
  num_workers             = 0
  autotermination_minutes = var.idle_minutes
  data_security_mode      = "SINGLE_USER"
  single_user_name        = data.databricks_current_user.me.user_name
  no_wait                 = true

  spark_conf = {
    "spark.databricks.cluster.profile" = "singleNode"
    "spark.master"                     = "local[*]"
  }
  spark_env_vars = {
    JNAME = "zulu17-ca-amd64" # Java 17, also where a runtime would take an older one
  }
  custom_tags = {
    ResourceClass = "SingleNode"
  }
}

# What a job's cluster may be, for submitters too: its size is bounded here.
resource "databricks_cluster_policy" "jobs" {
  name = "${var.name}-jobs"
  definition = jsonencode({
    "cluster_type"            = { type = "fixed", value = "job" }
    "spark_version"           = { type = "fixed", value = var.spark_version }
    "node_type_id"            = { type = "fixed", value = var.node_size }
    "autoscale.max_workers"   = { type = "range", maxValue = var.most_workers, defaultValue = var.most_workers }
    "spark_env_vars.JNAME"    = { type = "fixed", value = "zulu17-ca-amd64" }
    "data_security_mode"      = { type = "fixed", value = "SINGLE_USER" }
    "custom_tags.environment" = { type = "fixed", value = var.name }
  })
}

resource "databricks_job" "this" {
  count               = var.job.jar == "" ? 0 : 1
  name                = var.name
  max_concurrent_runs = 1
  timeout_seconds     = 4 * 3600

  job_cluster {
    job_cluster_key = "workers"
    new_cluster {
      spark_version      = var.spark_version
      node_type_id       = var.node_size
      policy_id          = databricks_cluster_policy.jobs.id
      data_security_mode = "SINGLE_USER"
      autoscale {
        min_workers = 1
        max_workers = var.most_workers
      }
      spark_env_vars = {
        JNAME = "zulu17-ca-amd64"
      }
      custom_tags = {
        environment = var.name
      }
    }
  }

  task {
    task_key        = "main"
    job_cluster_key = "workers"
    max_retries     = 0
    spark_jar_task {
      main_class_name = var.job.main_class
      parameters      = var.job.arguments
    }
    library {
      jar = var.job.jar
    }
  }
}

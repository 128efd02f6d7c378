# Everything about the Google environment that is yours to choose. No secrets: you are who "gcloud auth" says you are.
project       = "your-project" # gcloud config get-value project
name          = "arclight"
region        = "europe-west4"
cluster       = true # false: serverless batches only
image_version = "3.0-debian12"
machine_type  = "n2-standard-4"
most_workers  = 6
idle_minutes  = 30
users         = [] # such as "user:you@example.org"

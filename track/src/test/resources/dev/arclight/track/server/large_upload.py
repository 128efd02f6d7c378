"""A large file through MLflow's own multipart upload, there and back. ARGV: URI FOLDER"""
import os
import sys
from pathlib import Path

os.environ.update(MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD="true", MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE=str(5 << 20),
                  MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=str(6 << 20))
import mlflow
from mlflow.store.artifact import http_artifact_repo

tried = []
original = http_artifact_repo.HttpArtifactRepository.complete_multipart_upload
http_artifact_repo.HttpArtifactRepository.complete_multipart_upload = lambda *a, **k: (tried.append(1), original(*a, **k))[1]
mlflow.set_tracking_uri(sys.argv[1])
big = Path(sys.argv[2]) / "big ü.bin"
big.write_bytes(os.urandom(23_000_000))
with mlflow.start_run() as run:
    mlflow.log_artifact(str(big), "deep/er")
back = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/deep/er/big ü.bin", dst_path=sys.argv[2] + "/back")
assert Path(back).read_bytes() == big.read_bytes()
assert tried, "the client did not use multipart upload"
print([f.path for f in mlflow.MlflowClient().list_artifacts(run.info.run_id, "deep/er")])

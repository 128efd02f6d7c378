"""launcher.py FILE...: what is wrong with files of Ray's cluster launcher, by Ray's own schema. One JSON line."""
import json
import sys
from pathlib import Path

import jsonschema
import ray
import yaml

schema = json.loads((Path(ray.__file__).parent / "autoscaler" / "ray-schema.json").read_text())
wrong = [f"{file}: {'.'.join(map(str, error.path))}: {error.message}" for file in sys.argv[1:]
         for error in jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(Path(file).read_text()))]
print(json.dumps({"checked": len(sys.argv) - 1, "wrong": wrong}))

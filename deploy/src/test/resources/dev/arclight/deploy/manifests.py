"""manifests.py FILE...: what is wrong with Kubernetes' objects, by its own schemas; with a KubeRay object's pods too.
One JSON line: {"checked": [...], "wrong": [...]}."""
import json
import sys

import yaml
from kubernetes_validate import validate
from kubernetes_validate.utils import ValidationError


def pods(name, spec):
    """The pods of a RayCluster or a RayJob as pods of their own: KubeRay takes them over as they are."""
    cluster = spec.get("rayClusterSpec", spec)
    for group in [cluster["headGroupSpec"], *cluster["workerGroupSpecs"]]:
        yield {"apiVersion": "v1", "kind": "Pod",
               "metadata": {"name": f"{name}-{group.get('groupName', 'head')}"}, **group["template"]}


checked, wrong = [], []
for file in sys.argv[1:]:
    with open(file) as text:
        for document in yaml.safe_load_all(text):
            custom = document["apiVersion"].startswith("ray.io/")
            for one in pods(document["metadata"]["name"], document["spec"]) if custom else [document]:
                name = f"{one['kind']}/{one['metadata']['name']}"
                checked.append(name)
                try:
                    validate(one, "1.34", strict=True)
                except ValidationError as error:
                    wrong.append(f"{file}: {name}: {'.'.join(map(str, error.path))}: {error.message}")
print(json.dumps({"checked": checked, "wrong": wrong}))

"""Where results are kept: docs/measurements, one file a benchmark or soak; git has its history."""
import json
import os
import tempfile
from pathlib import Path

MEASUREMENTS = Path(__file__).resolve().parent.parent.parent / "docs" / "measurements"


def record(kind, name, result, folder=MEASUREMENTS):
    """Writes KIND-NAME.json, whole or not at all; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}-{name}.json"
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".", delete=False) as file:
        json.dump(result, file, indent=2, ensure_ascii=False)
        file.write("\n")
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)
    return path

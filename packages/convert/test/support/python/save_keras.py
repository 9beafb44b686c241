"""Runs model.py of each folder with Keras, or what stands in for it, and saves what it builds as model.keras."""

import importlib.util
import sys
from pathlib import Path

here = Path(__file__).parent
for name, folder in (("safetensors", here), ("keras", here / "standin")):
    if importlib.util.find_spec(name) is None:
        sys.path.append(str(folder))

for folder in map(Path, sys.argv[1:]):
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.load().save(folder / "model.keras")

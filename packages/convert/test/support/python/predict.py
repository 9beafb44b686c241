"""Loads model.py of each folder in PyTorch and prints what it predicts for x.json, as JSON."""

import importlib.util
import json
import sys
from pathlib import Path

try:
    import safetensors.torch  # noqa: F401
except ImportError:
    sys.path.append(str(Path(__file__).parent))

import torch

torch.set_num_threads(1)


def first(x):
    return x.movedim(-1, 1) if x.dim() > 3 else x


def last(x):
    return x.movedim(1, -1) if x.dim() > 3 else x


def module_in(folder):
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


answers = {}
for folder in map(Path, sys.argv[1:]):
    module = module_in(folder)
    model = module.load()
    given = json.loads((folder / "x.json").read_text())
    inputs = [first(torch.tensor(x["data"], dtype=torch.float32).reshape(x["shape"])) for x in given]
    with torch.no_grad():
        out = model(*inputs)
        outs = [last(y) for y in (out if isinstance(out, tuple) else (out,))]
        answer = {"outputs": [{"shape": list(y.shape), "data": y.flatten().tolist()} for y in outs]}
        if hasattr(module, "penalty"):
            answer["penalty"] = float(module.penalty(model))
        if hasattr(module, "constrain"):
            module.constrain(model)
            answer["state"] = {name: w.flatten().tolist() for name, w in model.state_dict().items()}
        answer["frozen"] = [name for name, w in model.named_parameters() if not w.requires_grad]
        if hasattr(module, "parameter_groups"):
            answer["groups"] = [[g["weight_decay"], len(g["params"])] for g in module.parameter_groups(model)]
    model.train()(*inputs)
    answers[folder.name] = answer
print(json.dumps({"version": torch.__version__, "answers": answers}))

"""Training steps in PyTorch, one thread. First line out: versions. Then for each line in, `mlp 30` or `cnn 30`, the
milliseconds of so many steps as a JSON list. Weights are regularized in the update (weight decay 2 lambda), which is
the gradient of lambda ||w||^2."""
import json
import sys
import time

import torch
from torch import nn

LAMBDA = 1e-4
torch.set_num_threads(1)


def stepper(model, optimizer, x, classes=10):
    y = torch.randint(classes, (x.shape[0],))
    loss_of = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def mlp():
    model = nn.Sequential(
        *(nn.Linear(784, 512), nn.ReLU(), nn.Dropout(0.5)),
        *(nn.Linear(512, 512), nn.ReLU(), nn.Dropout(0.5)),
        nn.Linear(512, 10),
    )
    kernels = [p for p in model.parameters() if p.dim() > 1]
    biases = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": kernels, "weight_decay": 2 * LAMBDA}, {"params": biases}]
    return stepper(model, torch.optim.SGD(groups, lr=0.01, momentum=0.9), torch.rand(128, 784))


def cnn():
    model = nn.Sequential(
        *(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(32 * 5 * 5, 10)),
    )
    return stepper(model, torch.optim.Adam(model.parameters(), lr=0.001), torch.rand(64, 1, 28, 28))


def blas():
    """The BLAS library that is loaded."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line or "mkl_" in line}
    return sorted(paths)


def say(value):
    print(json.dumps(value), flush=True)


say({"torch": torch.__version__, "blas": blas(), "threads": torch.get_num_threads()})
makers = {"mlp": mlp, "cnn": cnn}
steps = {}
for line in sys.stdin:
    name, count = line.split()
    if name not in steps:
        steps[name] = makers[name]()
        for _ in range(10):
            steps[name]()
    times = []
    for _ in range(int(count)):
        start = time.perf_counter()
        steps[name]()
        times.append(1000 * (time.perf_counter() - start))
    say(times)

"""The twelve nets of `nets/` in PyTorch, one thread. First line out: versions. Then for each line in, `mlp 30`, the
milliseconds of so many training steps as a JSON list. Weights are regularized in the update (weight decay 2 lambda),
which is the gradient of lambda ||w||^2. PyTorch's GRU resets after the product, and its recurrent layers have a second
bias; all other shapes are the same."""
import ctypes
import json
import os
import sys
import time


def core_of_blas():
    """An OpenBLAS that is older than the processor takes it for the oldest one, and is four times slower. What a newer
    OpenBLAS would take is set then, unless the environment says it already."""
    try:
        library = ctypes.CDLL("libopenblas.so.0")
        library.openblas_get_corename.restype = ctypes.c_char_p
        chosen = library.openblas_get_corename().decode()
        with open("/proc/cpuinfo") as info:
            flags = next(line for line in info if line.startswith("flags")).split()
    except (OSError, AttributeError, StopIteration):
        return None
    known = {"avx512_bf16": "Sapphirerapids", "avx512f": "SkylakeX", "avx2": "Haswell"}
    better = next((core for flag, core in known.items() if flag in flags), None)
    if chosen == "Prescott" and better and "OPENBLAS_CORETYPE" not in os.environ:
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OPENBLAS_CORETYPE": better})
    return chosen


core = core_of_blas()

import torch
from torch import nn

LAMBDA = 1e-4
CLASSES = 10
torch.set_num_threads(1)


def stepper(model, x, y=None, optimizer=None, loss_of=None):
    y = torch.randint(CLASSES, (x.shape[0],)) if y is None else y
    loss_of = loss_of or nn.CrossEntropyLoss()
    optimizer = optimizer or torch.optim.Adam(model.parameters(), lr=0.001)

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
        nn.Linear(512, CLASSES),
    )
    kernels = [p for p in model.parameters() if p.dim() > 1]
    biases = [p for p in model.parameters() if p.dim() == 1]
    groups = [{"params": kernels, "weight_decay": 2 * LAMBDA}, {"params": biases}]
    return stepper(model, torch.rand(128, 784), optimizer=torch.optim.SGD(groups, lr=0.01, momentum=0.9))


def cnn():
    model = nn.Sequential(
        *(nn.Conv2d(1, 16, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(32 * 5 * 5, CLASSES)),
    )
    return stepper(model, torch.rand(64, 1, 28, 28))


def normed_cnn():
    model = nn.Sequential(
        *(nn.Conv2d(1, 16, 3, bias=False), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(32 * 5 * 5, CLASSES)),
    )
    return stepper(model, torch.rand(64, 1, 28, 28))


class Residual(nn.Module):
    """x + inner(x)"""

    def __init__(self, *inner):
        super().__init__()
        self.inner = nn.Sequential(*inner)

    def forward(self, x):
        return x + self.inner(x)


class Mean(nn.Module):
    """Global average pooling."""

    def __init__(self, *axes):
        super().__init__()
        self.axes = axes

    def forward(self, x):
        return x.mean(self.axes)


def resnet():
    def normed(channels):
        return nn.Conv2d(channels, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)

    def block():
        return Residual(*normed(16), nn.ReLU(), *normed(16)), nn.ReLU()

    model = nn.Sequential(*normed(3), nn.ReLU(), *block(), *block(), Mean(2, 3), nn.Linear(16, CLASSES))
    return stepper(model, torch.rand(16, 3, 32, 32))


def separable():
    def block(channels, filters):
        return (
            *(nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False),),
            *(nn.BatchNorm2d(channels), nn.ReLU()),
            *(nn.Conv2d(channels, filters, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()),
        )

    model = nn.Sequential(*block(16, 16), *block(16, 32), *block(32, 64), Mean(2, 3), nn.Linear(64, CLASSES))
    return stepper(model, torch.rand(16, 16, 32, 32))


class Last(nn.Module):
    """What a recurrent layer answers after the last step."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0][:, -1]


def recurrent(make):
    def maker():
        return stepper(nn.Sequential(Last(make(28, 64, batch_first=True)), nn.Linear(64, CLASSES)), torch.rand(64, 28, 28))

    return maker


def text():
    model = nn.Sequential(nn.Embedding(2000, 64), Last(nn.LSTM(64, 64, batch_first=True)), nn.Linear(64, CLASSES))
    return stepper(model, torch.randint(2000, (64, 28)))


def feedforward():
    def block():
        return Residual(nn.LayerNorm(64), nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 64))

    model = nn.Sequential(nn.Embedding(2000, 64), block(), block(), Mean(1), nn.Linear(64, CLASSES))
    return stepper(model, torch.randint(2000, (64, 28)))


def conv1d():
    model = nn.Sequential(
        *(nn.Conv1d(12, 32, 5), nn.ReLU(), nn.MaxPool1d(2)),
        *(nn.Conv1d(32, 64, 5), nn.ReLU(), Mean(2), nn.Linear(64, CLASSES)),
    )
    return stepper(model, torch.rand(64, 12, 128))


def transposed():
    def up(channels, filters):
        return nn.ConvTranspose2d(channels, filters, 3, stride=2, padding=1, output_padding=1)

    model = nn.Sequential(
        *(nn.Linear(64, 7 * 7 * 32), nn.ReLU(), nn.Unflatten(1, (32, 7, 7))),
        *(up(32, 16), nn.ReLU(), up(16, 1), nn.Sigmoid()),
    )
    return stepper(model, torch.rand(64, 64), torch.rand(64, 1, 28, 28), loss_of=nn.MSELoss())


def blas():
    """The BLAS library that is loaded."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    with open("/proc/self/maps") as maps:
        paths = {line.split()[-1] for line in maps if "blas" in line or "mkl_" in line}
    return sorted(paths)


def say(value):
    print(json.dumps(value), flush=True)


say({"torch": torch.__version__, "blas": blas(), "core": core, "threads": torch.get_num_threads()})
makers = {
    "mlp": mlp,
    "cnn": cnn,
    "normedCnn": normed_cnn,
    "resnet": resnet,
    "separable": separable,
    "lstm": recurrent(nn.LSTM),
    "gru": recurrent(nn.GRU),
    "simpleRNN": recurrent(nn.RNN),
    "text": text,
    "feedforward": feedforward,
    "conv1d": conv1d,
    "transposed": transposed,
}
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

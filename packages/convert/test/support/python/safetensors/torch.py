import torch

from . import read


def load_file(path):
    return {name: torch.from_numpy(array) for name, array in read(path).items()}

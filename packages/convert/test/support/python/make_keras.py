"""Makes fixtures/model.keras and what it predicts, with the libraries that Keras itself writes with (zipfile, h5py) and numpy."""

import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np

random = np.random.default_rng(7)
policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}


def layer(class_name, name, **config):
    return {
        "module": "keras.layers",
        "class_name": class_name,
        "config": {"name": name, "trainable": True, "dtype": policy, **config},
        "registered_name": None,
    }


def of(module, class_name, **config):
    return {"module": f"keras.{module}", "class_name": class_name, "config": config, "registered_name": None}


l2 = of("regularizers", "L2", l2=1e-4)
max_norm = of("constraints", "MaxNorm", max_value=3, axis=0)
layers = [
    layer("InputLayer", "flower", batch_shape=[None, 4], dtype="float32", sparse=False),
    layer("Dense", "hidden", units=8, activation="relu", use_bias=True, kernel_regularizer=l2, kernel_constraint=max_norm),
    layer("Dropout", "drop", rate=0.2, seed=None, noise_shape=None),
    layer("BatchNormalization", "normal", axis=-1, momentum=0.9, epsilon=0.001, center=True, scale=True),
    layer("Dense", "kind", units=3, activation="softmax", use_bias=True),
]
config = {"module": "keras", "class_name": "Sequential", "config": {"name": "iris", "dtype": policy, "layers": layers}}


def numbers(*shape):
    return random.normal(0, 0.5, shape).astype(np.float32)


W1, b1, gamma, beta, mean, W2, b2 = numbers(4, 8), numbers(8), numbers(8), numbers(8), numbers(8), numbers(8, 3), numbers(3)
variance = np.abs(numbers(8)) + np.float32(0.5)
stored = {"dense": [W1, b1], "batch_normalization": [gamma, beta, mean, variance], "dense_1": [W2, b2], "dropout": []}

file = io.BytesIO()
with h5py.File(file, "w") as h5:
    h5.create_group("vars")
    for name, arrays in stored.items():
        group = h5.create_group(f"layers/{name}/vars")
        for i, array in enumerate(arrays):
            group[str(i)] = array

x = random.normal(0, 1, (5, 4)).astype(np.float32)
h = np.maximum(x @ W1 + b1, 0)
h = (h - mean) / np.sqrt(variance + 0.001) * gamma + beta
z = np.exp(h @ W2 + b2)
y = z / z.sum(axis=1, keepdims=True)

folder = Path(__file__).parents[2] / "fixtures"
with zipfile.ZipFile(folder / "model.keras", "w") as archive:
    archive.writestr("metadata.json", json.dumps({"keras_version": "3.10.0", "date_saved": "2026-01-01@00:00:00"}))
    archive.writestr("config.json", json.dumps(config))
    archive.writestr("model.weights.h5", file.getvalue())
source = f"numpy {np.__version__}, h5py {h5py.__version__}: support/python/make_keras.py"
(folder / "model.json").write_text(json.dumps({"source": source, "x": x.tolist(), "y": y.tolist()}) + "\n")

"""Makes other files of the model in fixtures/model.keras, as Keras and Python's zipfile write them where they must: zip64, a stream, names in chunks, shards."""

import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np

folder = Path(__file__).parents[2] / "fixtures"
with zipfile.ZipFile(folder / "model.keras") as archive:
    files = {name: archive.read(name) for name in archive.namelist()}
config = json.loads(files["config.json"])
with h5py.File(io.BytesIO(files["model.weights.h5"])) as h5:
    paths = ["dense", "batch_normalization", "dense_1"]
    stored = {path: [h5[f"layers/{path}/vars/{i}"][()] for i in range(len(h5[f"layers/{path}/vars"]))] for path in paths}
layers = dict(zip(paths, ["hidden", "normal", "kind"]))


def zipped(file, method):
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.compress_type = method
            with archive.open(entry, "w", force_zip64=True) as part:
                part.write(content)


class Stream(io.RawIOBase):
    """What cannot be gone back in, so that sizes come behind."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, part):
        self.bytes += bytes(part)
        return len(part)


stream = Stream()
zipped(stream, zipfile.ZIP_DEFLATED)
(folder / "stream.keras").write_bytes(stream.bytes)

# as if numbers were full at 16
zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 16, 2
zipped(folder / "zip64.keras", zipfile.ZIP_STORED)


def attributes(group, name, texts, most=40):
    """As save_attributes_to_hdf5_group of Keras, which has 64512 for most."""
    texts, count = np.asarray([text.encode() for text in texts]), 1
    while any(part.nbytes > most for part in np.array_split(texts, count)):
        count += 1
    for i, part in enumerate(np.array_split(texts, count)):
        group.attrs[f"{name}{i}" if count > 1 else name] = part


names = {"dense": ["kernel:0", "bias:0"], "dense_1": ["kernel:0", "bias:0"]}
names["batch_normalization"] = ["gamma:0", "beta:0", "moving_mean:0", "moving_variance:0"]


def by_names(root):
    attributes(root, "layer_names", ["flower", "hidden", "drop", "normal", "kind"], 16)
    for path, layer in layers.items():
        group = root.create_group(layer)
        weights = [f"iris/{layer}/{name}" for name in names[path]]
        attributes(group, "weight_names", weights)
        for name, array in zip(weights, stored[path]):
            group[name] = array


with h5py.File(folder / "chunks.h5", "w") as h5:
    h5.attrs["model_config"] = json.dumps(config)
    h5.attrs["keras_version"] = "3.10.0"
    by_names(h5.create_group("model_weights"))
with h5py.File(folder / "chunks.weights.h5", "w") as h5:
    by_names(h5)

# a shard ends where it is full, also between the weights of a layer
shards = [{"dense": [0, 1], "batch_normalization": [0]}, {"batch_normalization": [1, 2, 3], "dense_1": [0, 1]}]
(folder / "architecture.json").write_text(json.dumps(config))
for count, shard in enumerate(shards):
    with h5py.File(folder / f"model_{count:05}.weights.h5", "w") as h5:
        for path, weights in shard.items():
            for i in weights:
                h5[f"layers/{path}/vars/{i}"] = stored[path][i]

"""Stands in for Keras 3 where it is not installed: layers that take Keras' arguments and nothing else, and a model that is saved as Keras saves it."""

import io
import json
import re
import zipfile
from types import SimpleNamespace

import h5py

GATES = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
COMMON = "name trainable dtype"
ACTIVE = "activation use_bias"
HELD = "kernel_regularizer bias_regularizer kernel_constraint bias_constraint"
CONV = f"filters kernel_size strides padding data_format dilation_rate groups {ACTIVE} {HELD}"
CELL = (
    "units activation use_bias kernel_regularizer recurrent_regularizer bias_regularizer kernel_constraint recurrent_constraint "
    "bias_constraint dropout recurrent_dropout seed return_sequences return_state go_backwards stateful unroll"
)
POOL = "pool_size strides padding data_format"
# the arguments of each layer, in the order of keras.io/api/layers
ARGUMENTS = {
    **dict.fromkeys("Add Multiply Average Maximum Minimum GlobalAveragePooling1D GlobalMaxPooling1D".split(), ""),
    **dict.fromkeys("Conv1D Conv2D Conv3D".split(), CONV),
    **dict.fromkeys("Conv2DTranspose Conv3DTranspose".split(), CONV),
    **dict.fromkeys("MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D".split(), POOL),
    "Activation": "activation",
    "AlphaDropout": "rate noise_shape seed",
    "BatchNormalization": "axis momentum epsilon center scale",
    "Bidirectional": "layer merge_mode",
    "Concatenate": "axis",
    "Cropping2D": "cropping data_format",
    "Dense": f"units {ACTIVE} {HELD}",
    "DepthwiseConv2D": f"kernel_size strides padding depth_multiplier data_format dilation_rate {ACTIVE}",
    "Dropout": "rate noise_shape seed",
    "ELU": "alpha",
    "Embedding": "input_dim output_dim embeddings_initializer embeddings_regularizer embeddings_constraint mask_zero",
    "Flatten": "data_format",
    "GRU": f"{CELL} recurrent_activation reset_after",
    "GaussianDropout": "rate seed",
    "GaussianNoise": "stddev seed",
    **dict.fromkeys("GlobalAveragePooling2D GlobalMaxPooling2D".split(), "data_format keepdims"),
    "LSTM": f"{CELL} recurrent_activation",
    "LayerNormalization": "axis epsilon center scale",
    "LeakyReLU": "negative_slope",
    "Masking": "mask_value",
    "Normalization": "axis mean variance invert",
    "PReLU": "alpha_initializer alpha_regularizer alpha_constraint shared_axes",
    "Permute": "dims",
    "ReLU": "max_value negative_slope threshold",
    "RepeatVector": "n",
    "Rescaling": "scale offset",
    "Reshape": "target_shape",
    "SeparableConv2D": f"filters kernel_size strides padding data_format dilation_rate depth_multiplier {ACTIVE}",
    "SimpleRNN": CELL,
    "Softmax": "axis",
    "SpatialDropout1D": "rate seed",
    "SpatialDropout2D": "rate data_format seed",
    "TimeDistributed": "layer",
    "UpSampling2D": "size data_format interpolation",
    "ZeroPadding2D": "padding data_format",
}
# what Keras has where nothing is said, and TensorFlow.js otherwise
DEFAULTS = {"GRU": {"reset_after": True, "recurrent_activation": "sigmoid"}, "LSTM": {"recurrent_activation": "sigmoid"}}
WEIGHTS = {"Dense": 1, "Embedding": 1, "PReLU": 1, "BatchNormalization": 2, "SeparableConv2D": 2, "DepthwiseConv2D": 1}


class Saved:
    def __init__(self, module, class_name, args, kwargs):
        names = {"L1": ["l1"], "L2": ["l2"], "L1L2": ["l1", "l2"], "MaxNorm": ["max_value", "axis"]}
        self.json = {
            "module": f"keras.{module}",
            "class_name": class_name,
            "config": {**dict(zip(names.get(class_name, ["min_value", "max_value", "rate"]), args)), **kwargs},
            "registered_name": None,
        }


def plain(value):
    if isinstance(value, (Saved, Layer)):
        return value.json if isinstance(value, Saved) else value.saved()
    if callable(value):
        return {"module": "builtins", "class_name": "function", "config": value.registered, "registered_name": "function"}
    return value


class Tensor:
    def __init__(self, layer, call, output):
        self.saved = {"class_name": "__keras_tensor__", "config": {"keras_history": [layer.name, call, output]}}
        self.layer, self.history = layer, [layer.name, call, output]


class Layer:
    def __init__(self, class_name, args, kwargs):
        known = ARGUMENTS[class_name].split()
        for name in kwargs:
            assert name in known + COMMON.split(), f"{class_name}: no argument {name}"
        self.class_name, self.nodes = class_name, []
        self.config = {**DEFAULTS.get(class_name, {}), **dict(zip(known, args)), **kwargs}
        self.name, self.numbers = self.config["name"], []

    def saved(self):
        config = {key: plain(value) for key, value in self.config.items()}
        return {"module": "keras.layers", "class_name": self.class_name, "config": config, "registered_name": None}

    @property
    def weights(self):
        return [None] * len(self.slots())

    def slots(self):
        """Where each weight is saved, below the layer."""
        name, config = self.class_name, self.config
        if name == "TimeDistributed":
            return [f"layer/{slot}" for slot in config["layer"].slots()]
        if name == "Bidirectional":
            inner = config["layer"].slots()
            return [f"{side}_layer/{slot}" for side in ("forward", "backward") for slot in inner]
        if name in GATES:
            return [f"cell/vars/{i}" for i in range(2 + config.get("use_bias", True))]
        if name == "BatchNormalization" or name == "LayerNormalization":
            count = WEIGHTS.get(name, 0) + config.get("center", True) + config.get("scale", True)
        elif name in ("Embedding", "PReLU"):
            count = 1
        elif name in WEIGHTS or name.startswith("Conv") and name != "Concatenate":
            count = WEIGHTS.get(name, 1) + config.get("use_bias", True)
        else:
            count = 0
        return [f"vars/{i}" for i in range(count)]

    def set_weights(self, numbers):
        assert len(numbers) == len(self.weights)
        self.numbers = numbers

    def __call__(self, given, initial_state=None):
        args = [[t.saved for t in given] if isinstance(given, list) else given.saved]
        kwargs = {"initial_state": [t.saved for t in initial_state]} if initial_state else {}
        self.nodes.append({"args": args, "kwargs": kwargs})
        call = len(self.nodes) - 1
        outs = [Tensor(self, call, i) for i in range(self.results())]
        for out in outs:
            out.inputs = given if isinstance(given, list) else [given]
            out.inputs = out.inputs + (initial_state or [])
        return outs if len(outs) > 1 else outs[0]

    def results(self):
        """How many tensors a call gives."""
        inner = self.config["layer"] if self.class_name == "Bidirectional" else self
        states = {"LSTM": 2, "GRU": 1, "SimpleRNN": 1}.get(inner.class_name, 0) if inner.config.get("return_state") else 0
        if inner is self:
            return 1 + states
        return (1 if self.config.get("merge_mode", "concat") else 2) + 2 * states

    def store(self, h5, path):
        for slot, array in zip(self.slots(), self.numbers):
            h5[f"{path}/{slot}"] = array


class InputLayer(Layer):
    def __init__(self, shape, name, dtype="float32"):
        self.class_name, self.name, self.nodes = "InputLayer", name, []
        self.config = {"name": name, "batch_shape": [None, *shape], "dtype": dtype, "sparse": False}

    def slots(self):
        return []

    def store(self, h5, path):
        pass


def Input(shape, name=None, dtype="float32"):
    tensor = Tensor(InputLayer(shape, name, dtype), 0, 0)
    tensor.inputs = []
    return tensor


class Model(Layer):
    def __init__(self, inputs, outputs, name=None):
        self.name, self.nodes, self.class_name, self.config = name, [], "Functional", {}
        self.inputs = inputs if isinstance(inputs, list) else [inputs]
        self.outputs = outputs if isinstance(outputs, list) else [outputs]
        self.layers = []
        for out in self.outputs:
            self.visit(out)

    def visit(self, tensor):
        for given in tensor.inputs:
            self.visit(given)
        if tensor.layer not in self.layers:
            self.layers.append(tensor.layer)

    def saved(self):
        layers = [{**layer.saved(), "name": layer.name, "inbound_nodes": layer.nodes} for layer in self.layers]
        ends = {"input_layers": [t.history for t in self.inputs], "output_layers": [t.history for t in self.outputs]}
        config = {"name": self.name, "trainable": True, "layers": layers, **ends}
        return {"module": "keras.src.models.functional", "class_name": "Functional", "config": config}

    def slots(self):
        return []

    def store(self, h5, path):
        counts = {}
        for layer in self.layers:
            name = re.sub("([a-z])([A-Z])", r"\1_\2", re.sub("(.)([A-Z][a-z]+)", r"\1_\2", layer.class_name)).lower()
            count = counts.get(name, 0)
            counts[name] = count + 1
            layer.store(h5, f"{path}layers/{name}{f'_{count}' if count else ''}" + ("/" if isinstance(layer, Model) else ""))

    def save(self, path):
        file = io.BytesIO()
        with h5py.File(file, "w") as h5:
            h5.create_group("vars")
            self.store(h5, "")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("metadata.json", json.dumps({"keras_version": "3.10.0"}))
            archive.writestr("config.json", json.dumps(self.saved()))
            archive.writestr("model.weights.h5", file.getvalue())


class Sequential(Model):
    def __init__(self, layers, name=None):
        self.name, self.nodes, self.class_name, self.config = name, [], "Sequential", {}
        self.layers = [layer.layer if isinstance(layer, Tensor) else layer for layer in layers]

    def saved(self):
        config = {"name": self.name, "trainable": True, "layers": [layer.saved() for layer in self.layers]}
        return {"module": "keras", "class_name": "Sequential", "config": config}


class Maker:
    def __init__(self, make):
        self.make = make

    def __getattr__(self, name):
        return lambda *args, **kwargs: self.make(name, args, kwargs)


layers = Maker(Layer)
regularizers = Maker(lambda *saved: Saved("regularizers", *saved))
constraints = Maker(lambda *saved: Saved("constraints", *saved))


def registered(package):
    def mark(function):
        function.registered = f"{package}>{function.__name__}"
        return function

    return mark


saving = SimpleNamespace(register_keras_serializable=registered)

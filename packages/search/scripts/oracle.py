"""Writes test/oracles/optuna.json: numbers of Optuna and scipy that our samplers and importances are held against.

Run where Optuna can be imported:  python3 packages/search/scripts/oracle.py > packages/search/test/oracles/optuna.json
"""

import json
import math
import warnings

import numpy as np
import optuna
import scipy
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import PedAnovaImportanceEvaluator
from optuna.samplers import TPESampler
from optuna.samplers._tpe import _truncnorm
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import _split_trials, default_gamma, default_weights
from optuna.trial import TrialState, create_trial
from scipy import special, stats

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
rng = np.random.RandomState(20)

CONTINUOUS = {
    "x": {"space": "float", "low": -3, "high": 5},
    "rate": {"space": "float", "low": 1e-6, "high": 1e-2, "log": True},
    "keep": {"space": "keepProb", "low": 0.3, "high": 1},
}
COUNTABLE = {
    "units": {"space": "int", "low": 1, "high": 9},
    "wide": {"space": "int", "low": 4, "high": 256, "log": True},
    "step": {"space": "float", "low": 0, "high": 2, "step": 0.25},
    "kind": {"space": "choice", "of": ["a", "b", "c"]},
}


def distribution(space):
    """A keepProb is 1 - p there, as it is searched here."""
    kind = space["space"]
    if kind == "choice":
        return CategoricalDistribution(tuple(range(len(space["of"]))))
    if kind == "keepProb":
        return FloatDistribution(1 - space["high"], 1 - space["low"])
    if kind == "int":
        return IntDistribution(space["low"], space["high"], log=space.get("log", False))
    return FloatDistribution(space["low"], space["high"], log=space.get("log", False), step=space.get("step"))


def theirs(space, value):
    return 1 - value if space["space"] == "keepProb" else value


def drawn(space):
    kind = space["space"]
    if kind == "choice":
        return int(rng.randint(len(space["of"])))
    low, high = space["low"], space["high"]
    if space.get("log"):
        value = math.exp(rng.uniform(math.log(low), math.log(high)))
    else:
        value = rng.uniform(low, high)
    if kind == "int":
        return int(round(value))
    if "step" in space:
        return low + round((value - low) / space["step"]) * space["step"]
    return float(f"{value:.6g}")


def point(config):
    return {name: drawn(space) for name, space in config.items()}


class Rows:
    """Stands for a random generator; each row has the uniform numbers of one candidate: its kernel, then one for each parameter."""

    def __init__(self, uniforms, config):
        self.uniforms = uniforms
        names = list(config)
        self.choices = [1 + i for i, name in enumerate(names) if config[name]["space"] == "choice"]
        self.numbers = [1 + i for i, name in enumerate(names) if config[name]["space"] != "choice"]

    def choice(self, n, p, size):
        cdf = np.cumsum(p)
        return (cdf / cdf[-1]).searchsorted(self.uniforms[:, 0], side="right")

    def rand(self, size):
        return self.uniforms[:, self.choices.pop(0)]

    def uniform(self, low, high, size):
        return self.uniforms[:, self.numbers].T


def uniforms_of(config, rows):
    return np.round(rng.uniform(size=(rows, 1 + len(config))), 6)


def columns(config, points):
    return {name: np.array([theirs(space, p[name]) for p in points], dtype=float) for name, space in config.items()}


def rows_of(config, samples):
    size = len(next(iter(samples.values())))
    return [{name: float(theirs(config[name], samples[name][i])) for name in config} for i in range(size)]


def density(config, n):
    observed = [point(config) for _ in range(n)]
    points = [point(config) for _ in range(12)]
    uniforms = uniforms_of(config, 12)
    space = {name: distribution(each) for name, each in config.items()}
    parameters = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)
    estimator = _ParzenEstimator(columns(config, observed), space, parameters)
    return {
        "config": config,
        "observed": observed,
        "points": points,
        "logDensities": estimator.log_pdf(columns(config, points)).tolist(),
        "uniforms": uniforms.tolist(),
        "drawn": rows_of(config, estimator.sample(Rows(uniforms, config), 12)),
    }


def trial_of(config, told):
    states = {"complete": TrialState.COMPLETE, "pruned": TrialState.PRUNED, "running": TrialState.RUNNING}
    active = {name: space for name, space in config.items() if name in told["point"]}
    return create_trial(
        state=states[told["state"]],
        value=told["value"] if told["state"] == "complete" else None,
        params={name: theirs(space, told["point"][name]) for name, space in active.items()},
        distributions={name: distribution(space) for name, space in active.items()},
        intermediate_values={1: told["value"]} if told["state"] == "pruned" else {},
    )


def study_of(config, told):
    study = optuna.create_study()
    for each in told:
        study.add_trial(trial_of(config, each))
    return study


def told_of(config, n, running=0, pruned=0):
    """Distinct values; the best where the first parameter is near the middle of its range."""
    told = []
    for number in range(n + running + pruned):
        state = "complete" if number < n - 3 else ("running" if number < n - 3 + running else ("pruned" if number < n - 3 + running + pruned else "complete"))
        value = None if state == "running" else float(f"{rng.normal():.6g}")
        told.append({"number": number, "point": point(config), "state": state, "value": value})
    return told


def halves(config, told):
    study = study_of(config, told)
    trials = study.get_trials(deepcopy=False)
    n = sum(each["state"] != "running" for each in told)
    below, above = _split_trials(study, trials, default_gamma(n))
    return {"told": told, "below": [t.number for t in below], "above": [t.number for t in above]}


def suggestion(config, told):
    study = study_of(config, told)
    uniforms = uniforms_of(config, 24)
    sampler = TPESampler(multivariate=True, constant_liar=True, n_startup_trials=1)
    sampler._rng = type("Held", (), {"rng": Rows(uniforms, config)})()
    waiting = create_trial(value=0.0, params={}, distributions={})
    waiting.number = len(told)
    space = {name: distribution(each) for name, each in config.items()}
    best = sampler._sample(study, waiting, space)
    return {
        "config": config,
        "told": told,
        "uniforms": uniforms.tolist(),
        "point": {name: float(theirs(each, best[name])) for name, each in config.items()},
    }


def conditional_suggestion(told):
    """The parameters that always exist first, then those of the branch; each with uniform numbers of its own."""
    study = study_of(CONDITIONAL, told)
    waiting = create_trial(value=0.0, params={}, distributions={})
    waiting.number = len(told)
    rows, found = [], {}
    for name, each in CONDITIONAL.items():
        uniforms = uniforms_of({name: each}, 24)
        sampler = TPESampler(multivariate=True, group=True, constant_liar=True, n_startup_trials=1)
        sampler._rng = type("Held", (), {"rng": Rows(uniforms, {name: each})})()
        found.update(sampler._sample(study, waiting, {name: distribution(each)}))
        rows += uniforms.tolist()
    assert found["kind"] == 1
    return {"config": NESTED, "told": told, "uniforms": rows, "point": {name: float(x) for name, x in found.items()}}


def importance(config, told, quantile):
    study = study_of(config, told)
    found = PedAnovaImportanceEvaluator(target_quantile=quantile).evaluate(study)
    return {"config": config, "told": told, "quantile": quantile, "divergences": found}


def valued(config, n, f):
    points = [point(config) for _ in range(n)]
    return [{"number": i, "point": p, "state": "complete", "value": float(f"{f(p):.6g}")} for i, p in enumerate(points)]


MIXED = {**CONTINUOUS, **COUNTABLE}
CONDITIONAL = {"kind": {"space": "choice", "of": ["none", "l2"]}, "kind[1].strength": {"space": "float", "low": 1e-6, "high": 1e-2, "log": True}}
NESTED = {"kind": {"space": "choice", "of": ["none", {"strength": CONDITIONAL["kind[1].strength"]}]}}


def conditional(n):
    told = valued(CONDITIONAL, n, lambda p: (math.log10(p["kind[1].strength"]) + 3) ** 2 + rng.normal() if p["kind"] else 4 + rng.normal())
    for each in told:
        if each["point"]["kind"] == 0:
            del each["point"]["kind[1].strength"]
    return told


def planted(p):
    return (p["x"] - 1) ** 2 + 3 * (p["kind"] == 1) + abs(math.log(p["wide"] / 32)) + 0.3 * rng.normal()


tails = [-200, -60, -37.6, -30, -10, -5, -2.6, -2.5, -2.4, -1, -0.3, 0, 0.3, 1, 2.5, 5, 8]
cuts = [(-1, 2), (-0.01, 0.02), (-90, 3), (0, 50), (-100, 100), (-8, 0), (-3e-4, 0.2)]
masses = [*cuts, (-100, -99.9), (-40, -38), (-9, -8), (8, 9), (30, 31), (-5, -4.99), (2, 2.001), (-1e-3, 1e-3)]
quantiles = [1e-12, 0.001, 0.1, 0.5, 0.73, 0.999, 1 - 1e-12]

json.dump(
    {
        "origin": f"Optuna {optuna.__version__} (commit 1d8ce7bb6f3c), scipy {scipy.__version__}, numpy {np.__version__}; by packages/search/scripts/oracle.py",
        "logCdf": [[x, float(special.log_ndtr(x))] for x in tails],
        "logMass": [[a, b, float(_truncnorm._log_gauss_mass(np.array([float(a)]), np.array([float(b)]))[0])] for a, b in masses],
        "quantiles": [[q, a, b, float(_truncnorm.ppf(q, a, b)[0])] for a, b in cuts for q in quantiles],
        "scipyQuantiles": [[q, a, b, float(stats.truncnorm.ppf(q, a, b))] for a, b in [(-1, 2), (-8, 0), (0, 50)] for q in [0.001, 0.1, 0.5, 0.73, 0.999]],
        "weights": [[n, default_weights(n).tolist()] for n in [0, 1, 24, 25, 26, 27, 40]],
        "densities": [density(CONTINUOUS, n) for n in [0, 1, 2, 7, 60]] + [density(COUNTABLE, n) for n in [0, 1, 2, 7, 15]],
        "splits": [halves({"x": CONTINUOUS["x"]}, told_of({"x": CONTINUOUS["x"]}, *n)) for n in [(3,), (10,), (11, 2), (45, 0, 5), (12, 3, 4), (270,)]],
        "suggestions": [suggestion(CONTINUOUS, told_of(CONTINUOUS, *n)) for n in [(10,), (40,), (30, 6)]]
        + [suggestion(MIXED, told_of(MIXED, *n)) for n in [(10,), (14, 2)]]
        + [conditional_suggestion(conditional(n)) for n in [25, 40]],
        "importances": [importance(MIXED, valued(MIXED, n, planted), q) for n, q in [(10, 0.5), (30, 0.1), (60, 0.1), (60, 0.3)]]
        + [{**importance(CONDITIONAL, conditional(n), q), "config": NESTED} for n, q in [(40, 0.2), (12, 0.5)]],
    },
    __import__("sys").stdout,
)

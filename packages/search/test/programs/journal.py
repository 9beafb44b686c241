"""What Optuna reads in a journal, as JSON; with 'continue', it adds a trial of its own first.

    python3 journal.py journal.log [continue]
"""

import json
import sys
import warnings

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.load_study(study_name="keepprob", storage=JournalStorage(JournalFileBackend(sys.argv[1])))
if "continue" in sys.argv:
    study.optimize(lambda trial: trial.suggest_float("keep", 0.3, 1), n_trials=1)
print(
    json.dumps(
        {
            "direction": study.direction.name,
            "metric": study.metric_names,
            "best": study.best_trial.number,
            "trials": [
                {
                    "number": trial.number,
                    "state": trial.state.name,
                    "value": trial.value,
                    "params": trial.params,
                    "steps": sorted(trial.intermediate_values),
                    "reason": trial.system_attrs.get("fail_reason"),
                    "low": min((d.low for d in trial.distributions.values() if hasattr(d, "low")), default=None),
                }
                for trial in study.trials
            ],
        }
    )
)

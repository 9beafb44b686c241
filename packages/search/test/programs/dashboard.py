"""What optuna-dashboard shows of a journal, as JSON: its answers to the page that it serves.

    python3 dashboard.py journal.log
"""

import io
import json
import sys
import warnings

import optuna
from optuna_dashboard import wsgi
from optuna_dashboard._storage_url import get_storage

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
app = wsgi(get_storage(sys.argv[1]))


def answer(path, query=""):
    """A request as a server hands it on, without a server."""
    status = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    body = b"".join(app(environ, lambda code, *_: status.append(code)))
    assert status[0].startswith("200"), (path, status, body)
    return json.loads(body)


(study,) = answer("/api/studies")["study_summaries"]
detail = answer(f"/api/studies/{study['study_id']}", "after=0")
importances = answer(f"/api/studies/{study['study_id']}/param_importances")
print(
    json.dumps(
        {
            "name": study["study_name"],
            "trials": [
                {"number": trial["number"], "state": trial["state"], "values": trial.get("values")}
                for trial in detail["trials"]
            ],
            "params": sorted(param["name"] for param in detail["union_search_space"]),
            "importances": [[each["name"] for each in objective] for objective in importances["param_importances"]],
        }
    )
)

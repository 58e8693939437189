"""What a statistician would fit to the rows of `npm run bench:tables -- FOLDER`.

A Gaussian with full covariance, the best of Gaussian mixtures and the best of kernel densities, both chosen by
5-fold cross-validation on the training rows. Prints held-out nats a row, means and standard errors over splits:

    pip install numpy scikit-learn && python scripts/table-yardsticks.py FOLDER
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.mixture import GaussianMixture
from sklearn.model_selection import GridSearchCV, KFold
from sklearn.neighbors import KernelDensity

warnings.filterwarnings("ignore")
folder = Path(sys.argv[1])
results = [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]


def best(model, grid, x):
    folds = KFold(min(5, len(x)), shuffle=True, random_state=0)
    return GridSearchCV(model, grid, cv=folds, error_score=-np.inf).fit(x).best_estimator_


def nats_of(model, draws):
    """Mean nats of rows, the density of each averaged over its even draws, as langevin does at shared ends."""
    nats = np.array([model.score_samples(draw) for draw in draws])
    return (np.logaddexp.reduce(nats) - np.log(len(nats))).mean()


def yardsticks(name, seed, count, atoms):
    train = np.load(folder / f"{name}-{seed}-train.npy")
    parts = ("test", "test1", "test2", "test3")
    tests = [np.load(folder / f"{name}-{seed}-{part}.npy")[:count] for part in parts]
    mean, std = train.mean(0), train.std(0)
    std[std == 0] = 1
    # Shared ends were spread over a length: the same logarithm joins the nats of every model.
    x, slope = (train - mean) / std, np.log(std).sum() - atoms
    y = [(test - mean) / std for test in tests]
    few = x[np.random.default_rng(0).permutation(len(x))[:5000]]
    gaussian = GaussianMixture(1, reg_covar=1e-6).fit(x)
    sizes = [k for k in (1, 2, 3, 4, 5, 6, 8, 10, 15, 20) if k < len(x) / 5]
    mixture = best(
        GaussianMixture(reg_covar=1e-3, random_state=0, n_init=2),
        {"n_components": sizes, "covariance_type": ["full", "tied", "diag"]},
        few,
    )
    mixture = GaussianMixture(
        mixture.n_components, covariance_type=mixture.covariance_type, reg_covar=1e-3, random_state=0, n_init=2
    ).fit(x)
    kernel = best(KernelDensity(), {"bandwidth": np.logspace(-1.5, 0.5, 15)}, few)
    return {
        "gaussian": nats_of(gaussian, y) - slope,
        "mixture": nats_of(mixture, y) - slope,
        "kernel": nats_of(kernel, y) - slope,
        "components": f"{mixture.n_components} {mixture.covariance_type}",
    }


def cell(values):
    values = np.array(values)
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return f"{values.mean():.2f} ± {error:.2f}"


names = list(dict.fromkeys(result["name"] for result in results))
print("| table | langevin | Gaussian | mixture | kernel | seconds |\n|---|---|---|---|---|---|")
for name in names:
    rows = [result for result in results if result["name"] == name]
    sticks = [yardsticks(name, row["seed"], row["count"], row["atoms"]) for row in rows]
    columns = [[row["nats"] for row in rows], *([s[k] for s in sticks] for k in ("gaussian", "mixture", "kernel"))]
    seconds = np.mean([row["seconds"] for row in rows])
    print(f"| {name} | " + " | ".join(map(cell, columns)) + f" | {seconds:.0f} |", flush=True)
    print(name, [s["components"] for s in sticks], file=sys.stderr)

"""Imputed cells of `npm run bench:questions -- FOLDER holes` against mean, nearest neighbours and regression.

Error in standard deviations of a column, CRPS, and the share of cells inside 90 % intervals; on the Gaussian
also the largest gap between means and deviations of draws and their closed forms:

    pip install numpy scikit-learn && python scripts/impute-yardsticks.py FOLDER
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer, SimpleImputer

folder = Path(sys.argv[1])
print("| law | method | error | CRPS | 90 % interval |\n|---|---|---|---|---|")


def crps(draws, truth):
    """E|X − y| − ½E|X − X′| from draws along the last axis."""
    ordered = np.sort(draws, -1)
    n = draws.shape[-1]
    weights = (2 * np.arange(1, n + 1) - n - 1) / n**2
    return np.abs(draws - truth[:, None]).mean(-1) - (ordered * weights).sum(-1)


for law in ("gaussian", "groups"):
    train, asked, truth, draws = (np.load(folder / f"{law}-{part}.npy") for part in ("train", "asked", "truth", "draws"))
    holes = np.isnan(asked)
    scale = np.broadcast_to(np.nanstd(train, 0), asked.shape)[holes]
    right = truth[holes] / scale
    own = np.moveaxis(draws, 1, 2)[holes] / scale[:, None]
    low, high = np.quantile(own, [0.05, 0.95], axis=-1)
    inside = ((right >= low) & (right <= high)).mean()
    rows = [("langevin", np.sqrt(((own.mean(-1) - right) ** 2).mean()), crps(own, right).mean(), f"{inside:.1%}")]
    iterative = IterativeImputer(sample_posterior=True, max_iter=15, random_state=0)
    for name, imputer in (("mean", SimpleImputer()), ("5 nearest", KNNImputer()), ("iterative", IterativeImputer(max_iter=15))):
        filled = imputer.fit(train).transform(asked)[holes] / scale
        rows.append((name, np.sqrt(((filled - right) ** 2).mean()), np.abs(filled - right).mean(), ""))
    many = []
    for seed in range(20):
        imputer = IterativeImputer(sample_posterior=True, max_iter=10, random_state=seed).fit(train)
        many.append(imputer.transform(asked)[holes] / scale)
    many = np.stack(many, -1)
    low, high = np.quantile(many, [0.05, 0.95], axis=-1)
    inside = ((right >= low) & (right <= high)).mean()
    rows.append(("iterative, 20 draws", np.sqrt(((many.mean(-1) - right) ** 2).mean()), crps(many, right).mean(), f"{inside:.1%}"))
    for name, error, score, share in rows:
        print(f"| {law} | {name} | {error:.3f} | {score:.3f} | {share} |")
    if law == "gaussian":
        factor = np.array([[1, 0, 0, 0], [0.8, 0.6, 0, 0], [0.3, -0.5, 0.8, 0], [-0.4, 0.2, 0.5, 0.7]])
        covariance = factor @ factor.T
        gaps = []
        for i, row in enumerate(asked):
            g, k = np.isnan(row), ~np.isnan(row)
            if not g.any():
                continue
            regression = covariance[np.ix_(g, k)] @ np.linalg.pinv(covariance[np.ix_(k, k)])
            mean = regression @ row[k]
            std = np.sqrt(np.diag(covariance[np.ix_(g, g)] - regression @ covariance[np.ix_(k, g)]))
            own = draws[i][:, g]
            gaps.append(np.stack([(own.mean(0) - mean) / std, own.std(0) / std - 1]))
        gaps = np.concatenate(gaps, -1)
        print(f"gaussian: root mean square gap of means {np.sqrt((gaps[0] ** 2).mean()):.3f}, of deviations "
              f"{np.sqrt((gaps[1] ** 2).mean()):.3f} (from {own.shape[0]} draws alone: {own.shape[0] ** -0.5:.3f} and "
              f"{(2 * own.shape[0]) ** -0.5:.3f})", file=sys.stderr)

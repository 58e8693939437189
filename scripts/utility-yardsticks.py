"""Train on samples, test on real rows: what a model learns from the samples of `npm run bench:utility -- FOLDER`.

Boosted trees (scikit-learn) predict one column from the others, trained on real rows or on as many samples, and
are tested on real rows that no model has seen. Accuracy for a column of categories, R² for numbers; means and
standard errors over the splits:

    pip install numpy scikit-learn && python scripts/utility-yardsticks.py FOLDER
"""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

folder = Path(sys.argv[1])


def score(rows, test, target, categories):
    kind = HistGradientBoostingClassifier if categories[target] else HistGradientBoostingRegressor
    others = [i for i in range(rows.shape[1]) if i != target]
    known = ~np.isnan(rows[:, target])
    model = kind(random_state=0, categorical_features=[categories[i] for i in others])
    model.fit(rows[known][:, others], rows[known][:, target])
    seen = ~np.isnan(test[:, target])
    return model.score(test[seen][:, others], test[seen][:, target])


def cell(values):
    values = np.array(values)
    error = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else float("nan")
    return f"{values.mean():.3f} ± {error:.3f}"


print("| table | predicted | real rows | samples |\n|---|---|---:|---:|")
for path in sorted(folder.glob("*.json")):
    about = json.loads(path.read_text())
    target, categories = about["target"], about["categories"]
    scores = {"train": [], "samples": []}
    for first in sorted(folder.glob(f"{path.stem}-*-train.npy")):
        test = np.load(str(first).replace("train", "test"))
        for part, list_ in scores.items():
            list_.append(score(np.load(str(first).replace("train", part)), test, target, categories))
    measure = "accuracy" if categories[target] else "R²"
    print(f"| {path.stem} | `{about['columns'][target]}`, {measure} | {cell(scores['train'])} | {cell(scores['samples'])} |")

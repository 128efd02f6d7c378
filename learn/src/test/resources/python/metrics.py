"""usage: metrics.py FILE: a CSV with columns score,label; prints scikit-learn's metrics as JSON."""
import json
import sys

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import (average_precision_score, confusion_matrix, log_loss, mean_absolute_error,
                             mean_squared_error, roc_auc_score)

score, label = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1, unpack=True)
shares, means = calibration_curve(label, score, n_bins=10, strategy="uniform")
tn, fp, fn, tp = confusion_matrix(label, score >= 0.5).ravel().tolist()
print(json.dumps({"auc": roc_auc_score(label, score), "average_precision": average_precision_score(label, score),
                  "log_loss": log_loss(label, score), "confusion": [tp, fp, tn, fn],
                  "calibration": [means.tolist(), shares.tolist()],
                  "rmse": mean_squared_error(label, score) ** 0.5, "mae": mean_absolute_error(label, score)}))

"""The figures in the unit tests of src/evaluate, src/train/calibrate and src/train/linear, as scikit-learn computes them.

Run with the golden environment: target/golden-venv/bin/python tests/golden/figures.py
"""
import numpy as np, scipy, sklearn
from scipy.stats import binomtest, t as student
from sklearn.calibration import _sigmoid_calibration, calibration_curve
from sklearn.isotonic import IsotonicRegression
from sklearn import metrics as m
from scipy.optimize import minimize

np.set_printoptions(precision=17, floatmode="unique", linewidth=120)
print("scikit-learn", sklearn.__version__, "scipy", scipy.__version__, "numpy", np.__version__)

y = np.array([0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0])
p = np.array([0.1, 0.3, 0.3, 0.45, 0.5, 0.62, 0.5, 0.8, 0.2, 0.9, 0.15, 0.7])
yc = np.array([0, 1, 2, 1, 0, 2, 1, 1])
pc = np.array([[.7, .2, .1], [.1, .6, .3], [.2, .5, .3], [.3, .3, .4], [.5, .25, .25], [.1, .1, .8], [.2, .7, .1], [.6, .3, .1]])
hat = pc.argmax(axis=1)

for k, n in [(0, 10), (7, 10), (10, 10), (30, 30), (45, 50)]:
    c = binomtest(k, n).proportion_ci(method="wilson")
    print("binomtest wilson", k, n, repr(float(c.low)), repr(float(c.high)))
print("predicted", hat, m.confusion_matrix(yc, hat).tolist())
print("accuracy", m.accuracy_score(yc, hat), "balanced", m.balanced_accuracy_score(yc, hat))
print("per class", m.precision_recall_fscore_support(yc, hat))
for average in ["micro", "macro", "weighted"]:
    print(average, m.precision_recall_fscore_support(yc, hat, average=average)[:3])
# A class that is never predicted (1), one without rows (3).
a, b = [0, 0, 1, 2, 2], [0, 2, 2, 2, 3]
print("undefined", m.precision_recall_fscore_support(a, b, labels=[0, 1, 2, 3], zero_division=np.nan))
for average in ["micro", "macro", "weighted"]:
    print("undefined", average, m.precision_recall_fscore_support(a, b, labels=[0, 1, 2, 3], average=average, zero_division=0)[:3])
print("undefined balanced", m.balanced_accuracy_score(a, b))
print("roc", *m.roc_curve(y, p, drop_intermediate=False), sep="\n  ")
print("auc", repr(m.roc_auc_score(y, p)), "macro auc", repr(m.roc_auc_score(yc, pc, multi_class="ovr", average="macro")))
print("pr", *m.precision_recall_curve(y, p), sep="\n  ")
print("average precision", repr(m.average_precision_score(y, p)))
print("log loss", repr(m.log_loss(y, p)), repr(m.log_loss(yc, pc)))
print("brier", repr(m.brier_score_loss(y, p)), repr(m.brier_score_loss(yc, pc)))
for strategy in ["uniform", "quantile"]:
    print("calibration", strategy, *calibration_curve(y, p, n_bins=5, strategy=strategy), sep="\n  ")
e = np.array([0.1, 0.2, 0.3, 0.6, 0.7, 0.8, 0.9, 1.0, 0.0, 0.4]); ye = np.array([0, 1, 0, 1, 1, 0, 1, 1, 0, 1])
print("calibration on the edges", *calibration_curve(ye, e, n_bins=10), sep="\n  ")
print("thresholds f1", [(float(t), m.f1_score(y, p >= t)) for t in np.unique(p)])
t = np.array([3.0, -0.5, 2.0, 7.0, 4.2, 1.1, 0.3]); q = np.array([2.5, 0.0, 2.1, 7.8, 4.0, 1.0, 0.9])
print("regression", repr(m.r2_score(t, q)), repr(m.mean_absolute_error(t, q)), repr(m.root_mean_squared_error(t, q)))
print("quantiles", np.quantile(t - q, [0, .05, .25, .5, .75, .95, 1]))
mean = np.full(7, 2.0)
print("mean baseline", repr(m.r2_score(t, mean)), repr(m.mean_absolute_error(t, mean)), repr(m.root_mean_squared_error(t, mean)))
pt, pq = np.array([3.0, 0.0, 2.0, 7.0, 4.2, 1.1, 0.3]), np.array([2.5, 0.4, 2.1, 7.8, 4.0, 1.0, 0.9])
print("absolute", repr(m.mean_absolute_error(pt, pq)), repr(m.d2_absolute_error_score(pt, pq)))
print("pinball 0.9", repr(m.mean_pinball_loss(pt, pq, alpha=0.9)), repr(m.d2_pinball_score(pt, pq, alpha=0.9)))
print("half poisson", repr(m.mean_poisson_deviance(pt, pq) / 2), repr(m.d2_tweedie_score(pt, pq, power=1)))
print("half gamma", repr(m.mean_gamma_deviance(pt + 1, pq) / 2), repr(m.d2_tweedie_score(pt + 1, pq, power=2)))
shares = np.tile(np.array([5, 9, 6]) / 20, (8, 1))
print("share baseline", m.accuracy_score(yc, shares.argmax(axis=1)), repr(m.log_loss(yc, shares)), repr(m.brier_score_loss(yc, shares)))
print("summary", np.mean([0.9, 0.8, 0.85, 1.0]), np.std([0.9, 0.8, 0.85, 1.0], ddof=1))

s = np.array([-2.1, -0.3, 0.4, -1.0, 0.2, 1.7, 0.0, 2.2, -1.6, 3.1, -0.9, 0.8])
A, B = _sigmoid_calibration(s, y)
print("platt a, b", repr(float(A)), repr(float(B)))
T = np.where(y > 0, (y.sum() + 1) / (y.sum() + 2), 1 / ((1 - y).sum() + 2))
def newton(f):  # the same objective in long doubles, to rounding level
    f = f.astype(np.longdouble); w = np.zeros(2, np.longdouble); X = np.stack([f, np.ones_like(f)], 1)
    for _ in range(60):
        r = 1 / (1 + np.exp(-(X @ w))); g = X.T @ (r - T); h = (X.T * (r * (1 - r))) @ X
        d = h[0, 0] * h[1, 1] - h[0, 1] ** 2
        w = w - np.array([h[1, 1] * g[0] - h[0, 1] * g[1], h[0, 0] * g[1] - h[0, 1] * g[0]]) / d
    return [repr(float(v)) for v in w]
print("platt by Newton in long doubles", newton(s))
i = IsotonicRegression(out_of_bounds="clip").fit(p, y)
print("isotonic", i.X_thresholds_, i.y_thresholds_, sep="\n  ")
at = [0.0, 0.12, 0.3, 0.4, 0.55, 0.75, 0.85, 1.0]
print("isotonic at", at, i.predict(at), sep="\n  ")
for degrees in [1, 2, 3, 4, 7, 10, 29, 100, 399, 400, 1001, 1000000]:
    print("t 97.5 %", degrees, repr(float(student.ppf(0.975, degrees))))

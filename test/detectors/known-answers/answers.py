"""What others make of the same data: a JSON request on standard input, its answers on standard output. NaN is null.

No line of this is a translation of ours: pandas' and river's own averages, cumulative sums less their running minimum for CUSUM,
SciPy's MAD, a singular value decomposition for the principal components, river's Bayesian regression, statsmodels' recursive
least squares and the normal equations for RLS.
"""

import json
import sys

import numpy as np
import pandas as pd
from river import linear_model, stats
from scipy.stats import median_abs_deviation, norm
from statsmodels.regression.recursive_ls import RecursiveLS


def ewma(x, p):
    """Textbook: from the given mean on; deviation of independent samples."""
    z = pd.Series([p['mean'], *x]).ewm(alpha=p['lambda'], adjust=False).mean().to_numpy()[1:]
    return np.abs(z - p['mean']) / (p['sigma'] * np.sqrt(p['lambda'] / (2 - p['lambda']))) / p['limit']


def ewma_by_river(x, p):
    mean = stats.EWMean(fading_factor=p['lambda'])
    mean.update(p['mean'])
    out = []
    for value in x:
        mean.update(value)
        out.append(abs(mean.get() - p['mean']) / (p['sigma'] * np.sqrt(p['lambda'] / (2 - p['lambda']))) / p['limit'])
    return np.array(out)


def ewma_learned(x, p):
    """Mean and deviations from a warm-up, of whose averages those after three time constants count."""
    w = p['warmup']
    z = pd.Series(x).ewm(alpha=p['lambda'], adjust=False).mean().to_numpy()
    settled = z[int(np.floor(min(3 / p['lambda'], w / 2))):w]
    deviation = max(np.std(settled, ddof=1), np.std(x[:w], ddof=1) * np.sqrt(p['lambda'] / (2 - p['lambda'])))
    scores = np.abs(z - np.mean(x[:w])) / deviation / p['limit']
    scores[:w] = np.nan
    return scores


def tabular(z, k):
    sums = np.cumsum(np.concatenate([[0.0], z - k]))
    return (sums - np.minimum.accumulate(sums))[1:]


def cusum(x, p):
    z = (np.asarray(x) - p['mean']) / p['sigma']
    return np.maximum(tabular(z, p['k']), tabular(-z, p['k'])) / p['limit']


def cusum_learned(x, p):
    w, x = p['warmup'], np.asarray(x)
    mean, variance = np.mean(x[:w]), np.var(x[:w], ddof=1)
    batches = x[:w // 20 * 20].reshape(-1, 20).mean(axis=1)
    limit = p['limit'] * max(1, 20 * np.var(batches, ddof=1) / variance)
    z = (x[w:] - mean) / np.sqrt(variance)
    return np.concatenate([np.full(w, np.nan), np.maximum(tabular(z, p['k']), tabular(-z, p['k'])) / limit])


def hampel(x, p):
    """For each value from the fifth on: the median of the five up to it, and 1.4826 MAD."""
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(x), 5)
    return np.column_stack([np.median(windows, axis=1), 1.4826 * median_abs_deviation(windows, axis=1)])


def robust_z(x, p):
    w, x = p['window'], np.asarray(x)
    before = np.lib.stride_tricks.sliding_window_view(x, w)[:-1]
    scores = np.abs(0.6745 * (x[w:] - np.median(before, axis=1)) / median_abs_deviation(before, axis=1)) / p['limit']
    return np.concatenate([np.full(w, np.nan), scores])


def pca(rows, p):
    """T2 and Q of means of ten, by components of the first `frozen` means."""
    x = np.asarray(rows)
    n = len(x) // 10
    means = x[:10 * n].reshape(n, 10, -1).mean(axis=1)
    base = means[:p['frozen']]
    mu, sd = base.mean(axis=0), base.std(axis=0, ddof=1)
    z = (base - mu) / sd
    _, singular, vt = np.linalg.svd(z, full_matrices=False)
    loadings, variances = vt[:p['components']], singular[:p['components']] ** 2 / (len(base) - 1)
    all_z = (means - mu) / sd
    scores = all_z @ loadings.T
    rest = all_z - scores @ loadings
    return np.column_stack([(scores ** 2 / variances).sum(axis=1), (rest ** 2).sum(axis=1)])


def rls_by_river(rows, p):
    """The residual before each step; 1 / alpha is p0."""
    model = linear_model.BayesianLinearRegression(alpha=1 / p['p0'], beta=1)
    out = []
    for *x, y in rows:
        features = {str(i): value for i, value in enumerate(x)}
        out.append(y - model.predict_one(features))
        model.learn_one(features, y)
    return np.array(out)


def rls_by_normal_equations(rows, p):
    """The weighted ridge solution anew for each sample."""
    data = np.asarray(rows)
    x, y, forget = data[:, :-1], data[:, -1], p['forget']
    out = []
    for n in range(len(data)):
        weights = forget ** np.arange(n - 1, -1, -1)
        a = (x[:n].T * weights) @ x[:n] + np.eye(x.shape[1]) * forget ** n / p['p0']
        out.append(y[n] - x[n] @ np.linalg.solve(a, (x[:n].T * weights) @ y[:n]))
    return np.array(out)


def rls_by_statsmodels(rows, p):
    """The coefficients after each sample, from where they are determined on, without a prior; NaN before."""
    data = np.asarray(rows)
    return RecursiveLS(data[:, -1], data[:, :-1]).fit().recursive_coefficients.filtered.T


def nodes(low, high, n=300):
    x, w = np.polynomial.legendre.leggauss(n)
    return low + (high - low) * (x + 1) / 2, w * (high - low) / 2


def ewma_run_lengths(shifts, p):
    """Crowder's integral equation, from the zero state."""
    limit = p['limit'] * np.sqrt(p['lambda'] / (2 - p['lambda']))
    x, w = nodes(-limit, limit)
    out = []
    for shift in shifts:
        kernel = lambda u: w * norm.pdf((x[None, :] - (1 - p['lambda']) * u[:, None]) / p['lambda'] - shift) / p['lambda']
        lengths = np.linalg.solve(np.eye(len(x)) - kernel(x), np.ones(len(x)))
        out.append(1 + (kernel(np.zeros(1)) @ lengths)[0])
    return np.array(out)


def cusum_run_length(_, p):
    """Page's integral equation for one side, in control; two sides alarm twice as often."""
    x, w = nodes(0, p['limit'])
    from_each = np.concatenate([[0], x])
    kernel = np.column_stack([norm.cdf(p['k'] - from_each), w * norm.pdf(x[None, :] - from_each[:, None] + p['k'])])
    return np.array([np.linalg.solve(np.eye(len(from_each)) - kernel, np.ones(len(from_each)))[0] / 2])


def plain(value):
    if isinstance(value, (list, np.ndarray)):
        return [plain(item) for item in value]
    return float(value) if np.isfinite(value) else None


request = json.load(sys.stdin)
functions = {name: globals()[name] for name in request['ask']}
json.dump({name: plain(of(request['ask'][name]['data'], request['ask'][name]['params'])) for name, of in functions.items()}, sys.stdout, allow_nan=False)

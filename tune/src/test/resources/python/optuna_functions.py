"""Optuna's multivariate TPE on six functions: prints one JSON object, function -> best value of each seed."""
import json, math, sys
import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
TRIALS, SEEDS = int(sys.argv[1]), int(sys.argv[2])


def branin(t):
    x, y = t.suggest_float("x", -5, 10), t.suggest_float("y", 0, 15)
    return (y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
     [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]
ALPHA = [1.0, 1.2, 3.0, 3.2]


def hartmann(t):
    x = [t.suggest_float(f"x{i}", 0, 1) for i in range(6)]
    return -sum(ALPHA[i] * math.exp(-sum(A[i][j] * (x[j] - 1e-4 * P[i][j]) ** 2 for j in range(6))) for i in range(4))


def rosenbrock(t):
    x = [t.suggest_float(f"x{i}", -5, 10) for i in range(5)]
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(4))


def ackley(t):
    x = [t.suggest_float(f"x{i}", -32.768, 32.768) for i in range(10)]
    return (-20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / 10))
            - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / 10) + 20 + math.e)


def conditional(t):
    kind = t.suggest_categorical("kind", ["line", "bowl", "steps"])
    if kind == "line":
        return abs(t.suggest_float("x", -5, 5) - 1) + 0.5
    if kind == "bowl":
        return (t.suggest_float("y", -5, 5) - 2) ** 2 + (t.suggest_float("z", -5, 5) + 1) ** 2 + 0.1
    return 0.1 * (t.suggest_int("n", 1, 10) - 7) ** 2 + math.log10(t.suggest_float("w", 1e-5, 1, log=True) / 0.01) ** 2


def mixed(t):
    x, y = t.suggest_float("x", -3, 3), t.suggest_float("y", 1e-4, 1, log=True)
    n, m = t.suggest_int("n", 0, 20), t.suggest_int("m", 1, 64, log=True)
    c = t.suggest_categorical("c", ["a", "b", "c", "d"])
    d = t.suggest_categorical("d", ["yes", "no"])
    shift = {"a": 0.0, "b": 1.0, "c": -1.0, "d": 2.0}[c]
    return ((x - shift) ** 2 + (math.log10(y) + 2) ** 2 + 0.05 * (n - 13) ** 2 + 0.5 * math.log2(m / 8) ** 2
            + (0 if c == "b" else 0.7) + (0 if d == "no" else 0.4))


out = {}
for f in (branin, hartmann, rosenbrock, ackley, conditional, mixed):
    out[f.__name__] = []
    for seed in range(SEEDS):
        sampler = optuna.samplers.TPESampler(multivariate=True, group=True, constant_liar=True, seed=seed)
        study = optuna.create_study(sampler=sampler)
        study.optimize(f, n_trials=TRIALS)
        out[f.__name__].append(study.best_value)
print(json.dumps(out))

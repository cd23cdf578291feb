"""Robustness by RTAMT: a JSON request a line on standard input, its answer a line on standard output.

Request: mode ('offline', 'online': discrete time, or 'dense': offline), period (s, of discrete time), specs,
signals (for each variable pairs of time and value: every sample in discrete time, changes in dense time).
Answer: results (for each spec pairs of time and robustness; null: not finite), or error.
"""

import json
import math
import re
import sys

import rtamt


def named_apart(request, spec):
    """Online, equal parts of a spec share one memory, which then takes each sample twice: each variable gets a name of its own wherever it stands."""
    originals = {}

    def alias(match):
        name = f'{match[0]}_{len(originals)}'
        originals[name] = match[0]
        return name

    names = '|'.join(map(re.escape, request['signals']))
    return re.sub(rf'\b({names})\b', alias, spec), originals


def evaluated(request, spec):
    mode, signals = request['mode'], request['signals']
    originals = {name: name for name in signals}
    if mode == 'online':
        spec, originals = named_apart(request, spec)
    monitor = rtamt.StlDenseTimeSpecification() if mode == 'dense' else rtamt.StlDiscreteTimeSpecification()
    for name in originals:
        monitor.declare_var(name, 'float')
    if mode != 'dense':
        monitor.set_sampling_period(request['period'], 's', 0.1)
    monitor.spec = spec
    monitor.parse()
    if mode == 'dense':
        # Lists of its own: its operators may change them.
        return monitor.evaluate(*[[name, [list(pair) for pair in pairs]] for name, pairs in signals.items()])
    times = [time for time, _ in next(iter(signals.values()))]
    values = {name: [value for _, value in pairs] for name, pairs in signals.items()}
    if mode == 'offline':
        return monitor.evaluate({'time': times, **values})
    return [[time, monitor.update(time, [(name, values[original][i]) for name, original in originals.items()])] for i, time in enumerate(times)]


def finite(pairs):
    return [[time, value if math.isfinite(value) else None] for time, value in pairs if math.isfinite(time)]


def answer(request):
    try:
        return {'results': [finite(evaluated(request, spec)) for spec in request['specs']]}
    except Exception as error:  # whatever it was, it is told to who asked
        return {'error': f'{type(error).__name__}: {error}'}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line)), allow_nan=False), flush=True)

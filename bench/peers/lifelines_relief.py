"""A peer's curves on the same rows; prints the seconds they took, reading the file apart.

Its Aalen-Johansen estimate jitters tied days, so only its time is compared here.
"""

import sys
import time
import warnings

import pandas as pd
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time

TAU = 60
warnings.simplefilter("ignore")
rows = pd.read_csv(sys.argv[1])
rows = rows[rows["technique"].isin(["kyphoplasty", "vertebroplasty"])]

started = time.perf_counter()
for _, arms in rows.groupby("cause"):
    by_technique = dict(list(arms.groupby("technique")))
    for arm in by_technique.values():
        curve = KaplanMeierFitter().fit(arm["day"], arm["kind"] == 1)
        restricted_mean_survival_time(curve, t=TAU)
        AalenJohansenFitter().fit(arm["day"], arm["kind"], event_of_interest=1)
    first, second = by_technique.values()
    logrank_test(first["day"], second["day"], first["kind"] == 1, second["kind"] == 1)
print(time.perf_counter() - started)

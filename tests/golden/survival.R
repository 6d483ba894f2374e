# Kaplan-Meier, its quantiles and restricted means, by survival::survfit.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "write_golden.R"))
suppressPackageStartupMessages(library(KMsurv))
for (set in c("larynx", "tongue", "drug6mp", "hodg", "kidney", "bmt")) data(list = set, package = "KMsurv")

as_times <- function(frame, day, status, event = 1) {
  frame$day <- frame[[day]]
  frame$seen <- as.integer(frame[[status]] == event)
  frame[!is.na(frame$day) & !is.na(frame$seen), ]
}

made_up <- function(day, seen) data.frame(day = day, seen = seen)

sets <- c(
  parts("lung", as_times(survival::lung, "time", "status", 2)),
  parts("lung", as_times(survival::lung, "time", "status", 2), "sex"),
  parts("lung", as_times(survival::lung, "time", "status", 2), "ph.ecog"),
  parts("veteran", as_times(survival::veteran, "time", "status")),
  parts("veteran", as_times(survival::veteran, "time", "status"), "celltype"),
  parts("ovarian", as_times(survival::ovarian, "futime", "fustat")),
  parts("ovarian", as_times(survival::ovarian, "futime", "fustat"), "rx"),
  parts("aml", as_times(survival::aml, "time", "status"), "x"),
  parts("pbc", as_times(survival::pbc, "time", "status", 2)),
  parts("pbc", as_times(survival::pbc, "time", "status", 2), "trt"),
  parts("colon death", as_times(subset(survival::colon, etype == 2), "time", "status"), "rx"),
  parts("larynx", as_times(larynx, "time", "delta"), "stage"),
  parts("tongue", as_times(tongue, "time", "delta"), "type"),
  parts("drug6mp", as_times(drug6mp, "t2", "relapse")),
  parts("kidney", as_times(kidney, "time", "delta"), "type"),
  parts("hodg", as_times(hodg, "time", "delta"), "gtype"),
  parts("bmt", as_times(bmt, "t2", "d3"), "group"),
  list(
    "event and censoring on one day" = made_up(c(3, 3, 3, 5, 5, 8), c(1, 0, 1, 1, 0, 0)),
    "one subject, event" = made_up(4, 1),
    "one subject, censored" = made_up(4, 0),
    "all censored" = made_up(c(2, 2, 7, 9), 0),
    "all events on one day" = made_up(c(6, 6, 6), 1),
    "an event on day 0" = made_up(c(0, 0, 3, 5, 5, 9), c(1, 0, 1, 1, 0, 1)),
    "flat at one half" = made_up(c(1, 2, 3, 4), c(1, 1, 1, 1)),
    "flat at one half to the end" = made_up(c(1, 2, 3, 4), c(1, 1, 0, 0)),
    "last day event and censored" = made_up(c(1, 4, 4, 4), c(1, 1, 0, 0)),
    "days with fractions" = made_up(c(0.083, 0.5, 0.5, 1.25, 7), c(1, 1, 0, 1, 0))
  )
)

probabilities <- c(0.05, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9)
interval_kinds <- c("log-log", "log", "plain", "arcsin")

curve_of <- function(frame, kind, level = 0.95) {
  survfit(Surv(day, seen) ~ 1, data = frame, conf.type = kind, conf.int = level)
}

band_of <- function(frame, kind, level) {
  fit <- curve_of(frame, kind, level)
  rows <- chosen_rows(length(fit$time))
  crossed <- quantile(fit, probabilities)
  list(
    interval = sub("arcsin", "arcsine", kind), conf_level = level,
    lower = vec(defined(fit$lower[rows])), upper = vec(defined(fit$upper[rows])),
    quantile = vec(defined(crossed$quantile)),
    # With few left an upper edge can rise again; quantile() then sorts it by height and
    # reads days out of turn, so its upper limit is no witness.
    upper_turns_back = any(diff(na.omit(fit$upper)) > 1e-9),
    quantile_lower = vec(defined(crossed$lower)), quantile_upper = vec(defined(crossed$upper))
  )
}

means_of <- function(frame) {
  fit <- curve_of(frame, "log-log")
  horizons <- unique(round(max(fit$time) * c(0.35, 0.8, 1), 2))
  # R refuses a horizon before the first day.
  lapply(horizons[horizons >= min(fit$time)], function(tau) {
    found <- summary(fit, rmean = tau)$table
    list(
      tau = tau, value = found[["rmean"]], std_error = found[["se(rmean)"]],
      at_risk = sum(frame$day > tau)
    )
  })
}

case_of <- function(name) {
  frame <- sets[[name]]
  fit <- curve_of(frame, "log-log")
  rows <- chosen_rows(length(fit$time))
  c(
    list(name = name), tally(frame$day, frame$seen),
    list(
      n_days = length(fit$time), rows = vec(rows - 1), day = vec(fit$time[rows]),
      at_risk = vec(fit$n.risk[rows]), events = vec(fit$n.event[rows]),
      censored = vec(fit$n.censor[rows]), event_free = vec(fit$surv[rows]),
      probabilities = vec(probabilities),
      bands = c(
        lapply(interval_kinds, band_of, frame = frame, level = 0.95),
        list(band_of(frame, "log-log", 0.8))
      ),
      restricted_means = means_of(frame)
    )
  )
}

write_golden("survival", c("survival", "KMsurv"), lapply(names(sets), case_of))

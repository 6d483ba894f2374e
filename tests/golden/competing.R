# Cumulative incidence with a competing event, and its area, by survival::survfit;
# cmprsk::cuminc is asked for the estimate as a second witness.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "write_golden.R"))
suppressPackageStartupMessages({
  library(KMsurv)
  library(cmprsk)
})
for (set in c("bmt")) data(list = set, package = "KMsurv")

as_causes <- function(frame, day, cause) {
  frame$day <- frame[[day]]
  frame$cause <- as.integer(cause)
  frame[!is.na(frame$day) & !is.na(frame$cause), ]
}

made_up <- function(day, cause) data.frame(day = day, cause = cause)

pbc <- as_causes(survival::pbc, "time", c(0, 2, 1)[survival::pbc$status + 1])
gammopathy <- with(survival::mgus2, {
  progressed <- pstat == 1
  as_causes(
    cbind(survival::mgus2, first = ifelse(progressed, ptime, futime)), "first",
    ifelse(progressed, 1, 2 * death)
  )
})
waiting <- as_causes(
  survival::transplant, "futime",
  c(censored = 0, death = 2, ltx = 1, withdraw = 2)[as.character(survival::transplant$event)]
)
waiting <- subset(waiting, day >= 0)
marrow <- as_causes(bmt, "t2", with(bmt, ifelse(d2 == 1, 1, ifelse(d1 == 1, 2, 0))))
leukaemia <- with(survival::myeloid, as_causes(
  cbind(survival::myeloid, first = pmin(ifelse(is.na(crtime), Inf, crtime), futime)), "first",
  ifelse(!is.na(crtime), 1, 2 * death)
))

sets <- c(
  parts("pbc", pbc), parts("pbc", pbc, "trt"), parts("pbc", pbc, "sex"),
  parts("pbc", pbc, "stage"),
  parts("mgus2", gammopathy), parts("mgus2", gammopathy, "sex"),
  parts("transplant", waiting), parts("transplant", waiting, "abo"),
  parts("bmt", marrow), parts("bmt", marrow, "group"),
  parts("myeloid", leukaemia, "trt"),
  list(
    "ties of all three kinds" = made_up(
      c(1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 7), c(1, 0, 1, 2, 1, 0, 2, 0, 1, 2, 2)
    ),
    "event and competing on the last day" = made_up(c(2, 5, 5, 5), c(1, 1, 2, 2)),
    "no event" = made_up(c(2, 4, 4, 9), c(2, 0, 2, 0)),
    "no competing event" = made_up(c(1, 3, 3, 5, 8), c(1, 1, 0, 1, 0)),
    "everybody has the event" = made_up(c(1, 1, 2, 5), 1),
    "one subject, event" = made_up(3, 1),
    "an event on day 0" = made_up(c(0, 0, 0, 4, 6, 9), c(1, 2, 0, 1, 2, 0))
  )
)

# With one day R drops the dimensions of its matrices.
states <- function(x) matrix(x, ncol = 3)

curve_of <- function(frame, kind, level = 0.95, influence = FALSE) {
  survfit(Surv(day, factor(cause, 0:2)) ~ 1,
    data = frame, conf.type = kind, conf.int = level, influence = influence
  )
}

band_of <- function(frame, kind, level) {
  fit <- curve_of(frame, kind, level)
  rows <- chosen_rows(length(fit$time))
  list(
    interval = sub("arcsin", "arcsine", kind), conf_level = level,
    lower = vec(defined(states(fit$lower)[rows, 2])), upper = vec(defined(states(fit$upper)[rows, 2]))
  )
}

areas_of <- function(frame) {
  fit <- curve_of(frame, "log-log", influence = TRUE)
  lapply(vec(unique(round(max(fit$time) * c(0.3, 0.75, 1), 2))), function(tau) {
    # Area and influence are summed here from what survfit returns.
    inside <- which(fit$time <= tau)
    width <- diff(c(fit$time[inside], tau))
    # Subject x day x state, with a day more in front for the start.
    influence <- matrix(fit$influence.pstate[, -1, 2], nrow = nrow(frame))
    each <- influence[, inside, drop = FALSE] %*% width
    list(
      tau = tau, value = sum(states(fit$pstate)[inside, 2] * width),
      std_error = sqrt(sum(each^2)), at_risk = sum(frame$day > tau)
    )
  })
}

witness_of <- function(frame, days) {
  if (!all(c(0, 1, 2) %in% frame$cause)) return(NULL)
  vec(timepoints(cuminc(frame$day, frame$cause), days)$est["1 1", ])
}

case_of <- function(name) {
  frame <- sets[[name]]
  fit <- curve_of(frame, "log-log")
  rows <- chosen_rows(length(fit$time))
  inner_days <- unname(round(quantile(frame$day, c(0.2, 0.5, 0.8)), 1)) + 0.01
  list_of_bands <- c(
    lapply(c("log-log", "log", "plain", "arcsin"), band_of, frame = frame, level = 0.95),
    list(band_of(frame, "log-log", 0.8))
  )
  c(
    list(name = name), tally(frame$day, frame$cause),
    list(
      n_days = length(fit$time), rows = vec(rows - 1), day = vec(fit$time[rows]),
      at_risk = vec(states(fit$n.risk)[rows, 1]), events = vec(states(fit$n.event)[rows, 2]),
      competing = vec(states(fit$n.event)[rows, 3]), censored = vec(fit$n.censor[rows]),
      incidence = vec(states(fit$pstate)[rows, 2]), std_error = vec(states(fit$std.err)[rows, 2]),
      bands = list_of_bands, areas = areas_of(frame),
      witness_days = vec(inner_days), witness = witness_of(frame, inner_days)
    )
  )
}

write_golden("competing", c("survival", "cmprsk", "KMsurv"), lapply(names(sets), case_of))

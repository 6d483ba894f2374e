# Interval-censored estimates, from witnesses that share no step with ours:
#  - every day and every gap between days is an atom, none is ruled out beforehand;
#  - expectation-maximisation over all atoms, until a step changes no mass by 1e-13;
#  - for tiny sets, also stats::optim (BFGS) over the same atoms;
#  - survival::survfit(type = "interval2"), whose own iterations stop at 5e-5.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "write_golden.R"))
suppressPackageStartupMessages(library(KMsurv))
data(bcdeter, package = "KMsurv")

intervals <- function(left, right, competing = NA, known = NA) {
  data.frame(left = left, right = right, competing = competing, known = known)
}

sets <- list(
  "breast cosmesis, radiotherapy" = with(
    subset(bcdeter, treat == 1), intervals(lower, ifelse(is.na(upper), Inf, upper))
  ),
  "breast cosmesis, with chemotherapy" = with(
    subset(bcdeter, treat == 2), intervals(lower, ifelse(is.na(upper), Inf, upper))
  ),
  "all exact" = intervals(c(1, 2, 2, 5), c(1, 2, 2, 5)),
  "exact and censored" = intervals(c(1, 2, 2, 4, 5, 7), c(1, 2, Inf, Inf, 5, Inf)),
  "all censored" = intervals(c(1, 3, 3), Inf),
  "one interval" = intervals(2, 6),
  "disjoint intervals" = intervals(c(0, 2, 4, 4), c(2, 4, 9, 9)),
  "nested intervals" = intervals(c(0, 1, 2, 3), c(9, 7, 5, 4)),
  "a chain of overlaps" = intervals(c(0, 2, 4, 6, 8, 1, 3), c(3, 5, 7, 9, Inf, 4, 8)),
  "an exact day at an open end" = intervals(c(5, 5, 3, 0), c(5, 8, 5, 4)),
  "visits of three, many ties" = intervals(
    c(0, 0, 0, 3, 3, 7, 7, 7, 14, 14, 0, 3), c(3, 3, 7, 7, 14, 14, Inf, Inf, Inf, Inf, 14, Inf)
  ),
  "competing: exact days" = intervals(
    c(1, 2, 3, 3, 4, 5, 6, 6), c(1, Inf, 3, Inf, Inf, 5, Inf, Inf),
    c(NA, 2, NA, NA, NA, NA, 6, NA), c(NA, NA, NA, 3, 4, NA, NA, 6)
  ),
  "competing: visits and deaths" = intervals(
    c(0, 0, 2, 2, 7, 7, 0, 2, 7, 14, 14), c(2, 7, 7, 14, 14, Inf, Inf, Inf, Inf, Inf, Inf),
    c(NA, NA, NA, NA, NA, 9, 4, NA, 30, NA, NA), c(NA, NA, NA, NA, NA, NA, NA, 20, NA, 14, 60)
  ),
  "competing: alive long after the last visit" = intervals(
    c(0, 2, 2, 7, 0, 7), c(2, 7, Inf, Inf, Inf, 14),
    c(NA, NA, NA, NA, 40, NA), c(NA, NA, 90, 35, NA, NA)
  ),
  "competing: no event" = intervals(
    c(0, 2, 2), Inf, c(3, NA, 8), c(NA, 5, NA)
  ),
  "competing: the last visit saw an event" = intervals(
    c(0, 4, 4, 2, 0), c(4, 9, Inf, Inf, 9), c(NA, NA, NA, 6, NA), c(NA, NA, 4, NA, NA)
  ),
  "competing: death beyond everybody" = intervals(
    c(0, 2, 2, 5), c(2, 5, Inf, Inf), c(NA, NA, 100, NA), c(NA, NA, NA, 30)
  )
)
# The same visits with many more patients, drawn once.
set.seed(20)
drawn <- lapply(1:6, function(i) {
  n <- c(25, 40, 60, 80, 120, 160)[i]
  visits <- t(replicate(n, sort(unique(round(c(2, 7, 42, 90) * runif(4, 0.5, 1.5))))[1:4]))
  onset <- rexp(n, 1 / 30)
  end <- pmin(death <- rexp(n, 1 / 150), lost <- runif(n, 20, 140))
  rows <- lapply(seq_len(n), function(k) {
    seen <- visits[k, ][!is.na(visits[k, ]) & visits[k, ] <= end[k]]
    after <- seen[seen >= onset[k]]
    before <- c(0, seen[seen < onset[k]])
    if (length(after)) return(intervals(max(before), after[1]))
    day <- max(ceiling(end[k]), before)
    if (death[k] < lost[k]) intervals(max(before), Inf, competing = day)
    else intervals(max(before), Inf, known = day)
  })
  do.call(rbind, rows)
})
names(drawn) <- paste0("competing: drawn, visit ", seq_along(drawn))
sets <- c(sets, drawn)

# Atoms: each day itself and the middle of each gap, for the event and for its rival.
atoms_of <- function(frame) {
  days <- sort(unique(c(frame$left, frame$right[is.finite(frame$right)], frame$competing, frame$known)))
  middles <- (head(days, -1) + tail(days, -1)) / 2
  place <- sort(c(days, middles, max(days) + 1))
  competing <- any(!is.na(c(frame$competing, frame$known)))
  data.frame(
    place = rep(place, 1 + competing), rival = rep(c(FALSE, TRUE)[1:(1 + competing)], each = length(place))
  )
}

# Which atoms each row allows, from the definitions alone.
allowed_of <- function(frame, atoms) {
  t(sapply(seq_len(nrow(frame)), function(i) {
    row <- frame[i, ]
    if (is.finite(row$right)) {
      inside <- if (row$left == row$right) atoms$place == row$left
      else atoms$place > row$left & atoms$place <= row$right
      return(inside & !atoms$rival)
    }
    if (!is.na(row$competing)) return(atoms$rival & atoms$place == row$competing)
    known <- if (is.na(row$known)) row$left else row$known
    ifelse(atoms$rival, atoms$place > known, atoms$place > row$left)
  }))
}

expectation_maximisation <- function(allowed) {
  # Atoms that explain the same rows cannot be told apart: one of each is enough.
  same <- apply(allowed, 2, paste, collapse = "")
  first <- !duplicated(same)
  matrix_one <- allowed[, first & colSums(allowed) > 0, drop = FALSE] * 1
  mass <- rep(1 / ncol(matrix_one), ncol(matrix_one))
  repeat {
    next_mass <- mass * c(crossprod(matrix_one, 1 / c(matrix_one %*% mass))) / nrow(matrix_one)
    if (max(abs(next_mass - mass)) < 1e-13) break
    mass <- next_mass
    # Masses on their way to nothing slow everything down; the gap below would tell.
    kept <- mass > 1e-12
    matrix_one <- matrix_one[, kept, drop = FALSE]
    mass <- mass[kept]
  }
  list(log_likelihood = sum(log(matrix_one %*% mass)), fitted = c(matrix_one %*% mass))
}

largest_gain <- function(allowed, fitted) max(crossprod(allowed * 1, 1 / fitted)) / nrow(allowed) - 1

by_optim <- function(allowed) {
  matrix_one <- allowed[, !duplicated(t(allowed)) & colSums(allowed) > 0, drop = FALSE] * 1
  if (nrow(allowed) > 12 || ncol(matrix_one) == 1) return(NULL)
  share <- function(x) exp(x) / sum(exp(x))
  worst <- function(x) -sum(log(matrix_one %*% share(x)))
  best <- optim(rep(0, ncol(matrix_one)), worst, method = "BFGS", control = list(maxit = 5000, reltol = 1e-15))
  -best$value
}

by_survfit <- function(frame) {
  if (any(!is.na(c(frame$competing, frame$known))) || !any(is.finite(frame$right))) return(NULL)
  if (any(frame$left == frame$right)) return(NULL)
  fit <- survfit(Surv(left, ifelse(is.finite(right), right, NA), type = "interval2") ~ 1, data = frame)
  days <- sort(unique(frame$right[is.finite(frame$right)]))
  list(days = vec(days), event_free = vec(summary(fit, times = days, extend = TRUE)$surv))
}

case_of <- function(name) {
  frame <- sets[[name]]
  allowed <- allowed_of(frame, atoms_of(frame))
  if (!is.matrix(allowed) || nrow(allowed) != nrow(frame)) allowed <- matrix(allowed, nrow = nrow(frame))
  best <- expectation_maximisation(allowed)
  missing_as_null <- function(x) vec(ifelse(is.finite(x), x, NA))
  list(
    name = name, left = vec(frame$left), right = missing_as_null(frame$right),
    competing = missing_as_null(as.numeric(frame$competing)),
    known = missing_as_null(as.numeric(frame$known)),
    has_competing = any(!is.na(c(frame$competing, frame$known))),
    log_likelihood = best$log_likelihood, fitted = vec(best$fitted),
    gap = max(largest_gain(allowed, best$fitted), 0),
    log_likelihood_by_optim = by_optim(allowed), survfit = by_survfit(frame)
  )
}

write_golden("interval_censored", c("survival", "KMsurv"), lapply(names(sets), case_of))

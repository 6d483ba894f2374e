# Intervals of proportions, differences and ratios: stats and epitools.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "write_golden.R"))
suppressPackageStartupMessages(library(epitools))

single <- expand.grid(total = c(1, 2, 7, 10, 29, 100, 1234), share = c(0, 0.04, 0.3, 0.5, 0.9, 1))
single <- unique(transform(single, successes = round(total * share))[c("successes", "total")])

wilson_of <- function(x, n, level) {
  c(suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int)
}

# prop.test cuts Wilson's limits to 0..1 only against rounding; the score limits are within.
newcombe_of <- function(x, n, level) {
  share <- x / n
  first <- wilson_of(x[1], n[1], level)
  second <- wilson_of(x[2], n[2], level)
  value <- share[1] - share[2]
  c(
    value, value - sqrt((share[1] - first[1])^2 + (second[2] - share[2])^2),
    value + sqrt((first[2] - share[1])^2 + (share[2] - second[1])^2)
  )
}

ratios_of <- function(x, n, level) {
  # epitools compares the second row with the first, and column 2 is the event.
  cells <- matrix(c(n[2] - x[2], x[2], n[1] - x[1], x[1]), nrow = 2, byrow = TRUE)
  if (any(cells == 0)) return(list(risk_ratio = NULL, odds_ratio = NULL))
  quiet <- function(expression) suppressWarnings(expression)
  list(
    risk_ratio = vec(quiet(riskratio.wald(cells, conf.level = level))$measure[2, ]),
    odds_ratio = vec(quiet(oddsratio.wald(cells, conf.level = level))$measure[2, ])
  )
}

proportion_cases <- lapply(seq_len(nrow(single)), function(i) {
  x <- single$successes[i]
  n <- single$total[i]
  list(
    name = sprintf("%d of %d", x, n), kind = "proportion", successes = x, total = n,
    wilson = vec(wilson_of(x, n, 0.95)), wilson_90 = vec(wilson_of(x, n, 0.9)),
    clopper_pearson = vec(c(binom.test(x, n)$conf.int)),
    clopper_pearson_90 = vec(c(binom.test(x, n, conf.level = 0.9)$conf.int)),
    upper_bound_zero = binom.test(0, n, alternative = "less")$conf.int[2]
  )
})

pairs <- list(
  c(56, 70, 48, 80), c(9, 10, 3, 10), c(6, 7, 2, 7), c(5, 56, 0, 29), c(0, 10, 0, 20),
  c(0, 10, 0, 10), c(10, 10, 0, 20), c(10, 10, 0, 10), c(1, 3, 2, 3), c(15, 148, 23, 148),
  c(4, 4, 3, 3), c(120, 2000, 80, 1500), c(1, 900, 3, 800), c(30, 60, 30, 60)
)

pair_cases <- lapply(pairs, function(p) {
  x <- p[c(1, 3)]
  n <- p[c(2, 4)]
  c(
    list(
      name = sprintf("%d of %d against %d of %d", p[1], p[2], p[3], p[4]), kind = "pair",
      counts = vec(p), newcombe = vec(newcombe_of(x, n, 0.95)),
      newcombe_90 = vec(newcombe_of(x, n, 0.9))
    ),
    ratios_of(x, n, 0.95)
  )
})

write_golden("proportions", "epitools", c(proportion_cases, pair_cases))

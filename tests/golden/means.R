# Means: stats::t.test; with clusters, clubSandwich's CR2 of an intercept-only model.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "write_golden.R"))
suppressPackageStartupMessages({
  library(clubSandwich)
  library(survey)
  library(MASS)
  library(KMsurv)
})
data(api)
data(kidrecurr, package = "KMsurv")
data("SATcoaching", package = "clubSandwich")

clustered <- function(value, cluster) {
  found <- data.frame(value = as.numeric(value), cluster = as.character(cluster))
  found[complete.cases(found), ]
}

sets <- list(
  "api scores by district" = clustered(apiclus1$api00, apiclus1$dnum),
  "api targets met by district" = clustered(apiclus1$sch.wide == "Yes", apiclus1$dnum),
  "api meals, two stages" = clustered(apiclus2$meals, apiclus2$dnum),
  "api targets met, two stages" = clustered(apiclus2$awards == "Yes", apiclus2$dnum),
  "seizures by patient" = clustered(epil$y, epil$subject),
  "bacteria present by child" = clustered(bacteria$y == "y", bacteria$ID),
  "petrol by crude" = clustered(petrol$Y, petrol$No),
  "recurrence by kidney patient" = clustered(survival::kidney$status, survival::kidney$id),
  "retinopathy by patient" = clustered(survival::retinopathy$status, survival::retinopathy$id),
  "coaching effects by study" = clustered(SATcoaching$d, SATcoaching$study),
  "rats by litter" = clustered(survival::rats$status, survival::rats$litter),
  "blood pressure of rabbits" = clustered(Rabbit$BPchange, Rabbit$Animal),
  "two clusters" = clustered(c(1, 2, 3, 7, 8), c("a", "a", "a", "b", "b")),
  "one large cluster" = clustered(c(1:20, 4, 9, 2), c(rep("a", 20), "b", "c", "c")),
  "every cluster of one" = clustered(c(3, 5, 1, 9, 4, 4), letters[1:6])
)

case_of <- function(name) {
  frame <- sets[[name]]
  fit <- lm(value ~ 1, data = frame)
  # The documented working model: independent errors of one variance.
  variance <- vcovCR(fit, cluster = frame$cluster, type = "CR2", inverse_var = FALSE)
  test <- coef_test(fit, vcov = variance, test = "Satterthwaite")
  limits <- conf_int(fit, vcov = variance, level = 0.95)
  simple <- t.test(frame$value)
  list(
    name = name, n = vec(c(table(frame$cluster))),
    totals = vec(c(tapply(frame$value, frame$cluster, sum))),
    sum_of_squares = sum(frame$value^2),
    mean = unname(coef(fit)), std_error = test$SE, degrees_of_freedom = test$df_Satt,
    limits = vec(c(limits$CI_L, limits$CI_U)),
    unclustered_limits = vec(c(simple$conf.int)), unclustered_std_error = simple$stderr
  )
}

write_golden("means", c("clubSandwich", "survey", "MASS", "survival"), lapply(names(sets), case_of))

# Log-rank tests by survival::survdiff.
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])), "write_golden.R"))
suppressPackageStartupMessages(library(KMsurv))
for (set in c("larynx", "tongue", "kidney", "hodg", "bmt")) data(list = set, package = "KMsurv")

as_groups <- function(frame, day, seen, group, stratum = NULL) {
  kept <- data.frame(
    day = frame[[day]], seen = as.integer(seen), group = as.character(frame[[group]]),
    stratum = if (is.null(stratum)) "all" else as.character(frame[[stratum]])
  )
  kept[complete.cases(kept), ]
}

lung <- survival::lung
veteran <- survival::veteran
colon <- subset(survival::colon, etype == 2)
sets <- list(
  "lung by sex" = as_groups(lung, "time", lung$status == 2, "sex"),
  "lung by sex, within performance" = as_groups(lung, "time", lung$status == 2, "sex", "ph.ecog"),
  "lung by performance" = as_groups(lung, "time", lung$status == 2, "ph.ecog"),
  "lung by performance, within institution" =
    as_groups(lung, "time", lung$status == 2, "ph.ecog", "inst"),
  "veteran by treatment" = as_groups(veteran, "time", veteran$status, "trt"),
  "veteran by treatment, within cell type" =
    as_groups(veteran, "time", veteran$status, "trt", "celltype"),
  "veteran by cell type" = as_groups(veteran, "time", veteran$status, "celltype"),
  "ovarian by treatment" = as_groups(ovarian, "futime", ovarian$fustat, "rx"),
  "aml by maintenance" = as_groups(aml, "time", aml$status, "x"),
  "pbc by treatment" = as_groups(pbc, "time", pbc$status == 2, "trt"),
  "pbc by treatment, within stage" = as_groups(pbc, "time", pbc$status == 2, "trt", "stage"),
  "pbc by stage" = as_groups(pbc, "time", pbc$status == 2, "stage"),
  "colon by treatment" = as_groups(colon, "time", colon$status, "rx"),
  "colon by treatment, within nodes" = as_groups(colon, "time", colon$status, "rx", "node4"),
  "larynx by stage" = as_groups(larynx, "time", larynx$delta, "stage"),
  "tongue by type" = as_groups(tongue, "time", tongue$delta, "type"),
  "kidney by placement" = as_groups(kidney, "time", kidney$delta, "type"),
  "hodgkin by graft" = as_groups(hodg, "time", hodg$delta, "gtype"),
  "hodgkin by graft, within disease" = as_groups(hodg, "time", hodg$delta, "gtype", "dtype"),
  "bone marrow by group" = as_groups(bmt, "t2", bmt$d3, "group"),
  "one group without events" = data.frame(
    day = c(1, 2, 3, 4, 5, 6), seen = c(1, 0, 1, 0, 1, 0), group = rep(c("a", "b"), 3),
    stratum = "all"
  ),
  "one group gone before the first event" = data.frame(
    day = c(1, 2, 5, 6, 7, 8, 9, 9), seen = c(0, 0, 1, 1, 0, 1, 1, 1),
    group = c("a", "a", "b", "b", "b", "c", "c", "c"), stratum = "all"
  )
)

case_of <- function(name) {
  frame <- sets[[name]]
  stratified <- length(unique(frame$stratum)) > 1
  formula <- if (stratified) Surv(day, seen) ~ group + strata(stratum) else Surv(day, seen) ~ group
  found <- survdiff(formula, data = frame)
  total <- function(x) if (is.matrix(x)) rowSums(x) else x
  freedom <- sum(total(found$exp) > 0) - 1
  counted <- aggregate(list(count = rep(1, nrow(frame))), as.list(frame), sum)
  list(
    name = name, days = vec(counted$day), status = vec(counted$seen),
    group = vec(counted$group), stratum = vec(counted$stratum), counts = vec(counted$count),
    stratified = stratified, n = vec(c(rowsum(rep(1, nrow(frame)), frame$group))),
    observed = vec(total(found$obs)), expected = vec(total(found$exp)),
    chi_square = found$chisq, degrees_of_freedom = freedom,
    p_value = pchisq(found$chisq, freedom, lower.tail = FALSE)
  )
}

write_golden("log_rank", c("survival", "KMsurv"), lapply(names(sets), case_of))

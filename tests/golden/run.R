# Regenerates every golden file: Rscript tests/golden/run.R
folder <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
scripts <- c("survival", "competing", "log_rank", "proportions", "means", "interval_censored")
for (script in scripts) {
  status <- system2(file.path(R.home("bin"), "Rscript"), file.path(folder, paste0(script, ".R")))
  if (status != 0) stop("the script stopped: ", script)
}

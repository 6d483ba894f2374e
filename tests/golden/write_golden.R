# Writes one golden file: the versions that produced it, then its cases.

suppressPackageStartupMessages({
  library(jsonlite)
  library(survival)
})

golden_folder <- local({
  arguments <- commandArgs(trailingOnly = FALSE)
  script <- sub("^--file=", "", grep("^--file=", arguments, value = TRUE))
  if (length(script)) dirname(normalizePath(script[1])) else getwd()
})

write_golden <- function(name, packages, cases) {
  versions <- c(
    list(R = as.character(getRversion())),
    sapply(packages, function(p) as.character(packageVersion(p)), simplify = FALSE)
  )
  text <- toJSON(
    list(versions = versions, cases = cases),
    digits = I(13), auto_unbox = TRUE, na = "null", null = "null"
  )
  # One case a line, so that a changed case shows as one changed line.
  text <- gsub("{\"name\":", "\n{\"name\":", text, fixed = TRUE)
  path <- file.path(golden_folder, paste0(name, ".json"))
  writeLines(text, path)
  cat(sprintf("%-24s %3d cases, %d kB\n", basename(path), length(cases), file.size(path) %/% 1000))
}

# Rows of a curve to keep: first, last and some between, so that files stay small.
chosen_rows <- function(n) unique(round(seq(1, n, length.out = min(n, 14))))

# A limit or estimate that R leaves undefined is written as null.
defined <- function(x) ifelse(is.finite(x), x, NA)

# Vectors stay arrays even with one element.
vec <- function(x) I(unname(x))

# Rows with the same day and status, counted.
tally <- function(day, status) {
  found <- aggregate(list(count = rep(1, length(day))), list(day = day, status = status), sum)
  list(days = vec(found$day), status = vec(found$status), counts = vec(found$count))
}

# Split a data set by strata; NULL strata give one part.
parts <- function(name, frame, strata = NULL) {
  whole <- list(frame)
  names(whole) <- name
  if (is.null(strata)) return(whole)
  split_frames <- split(frame, frame[[strata]], drop = TRUE)
  names(split_frames) <- paste0(name, ", ", strata, " ", names(split_frames))
  split_frames
}

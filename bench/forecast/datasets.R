# The monthly series that come with R, none of them from a forecasting competition, cut each year for six
# years: what `outlay forecast --series` is held against beside the series its recipe was chosen on.
#   Rscript datasets.R FULL.csv TRAIN.csv TEST.csv     id,t,value (both the same, for score.py); id,h,value
suppressMessages(library(forecast))
arg <- commandArgs(TRUE)
known <- c("AirPassengers", "UKDriverDeaths", "USAccDeaths", "co2", "fdeaths", "ldeaths", "mdeaths", "nottem",
  "gas", "wineind")
all <- setNames(lapply(known, get), known)
for (k in colnames(Seatbelts)[1:7]) all[[paste0("Seatbelts.", k)]] <- Seatbelts[, k]
train <- list(); test <- list()
for (name in names(all)) for (cut in 1:6) {
  y <- as.numeric(all[[name]]); n <- length(y) - 12 * cut
  if (n < 36) next
  id <- paste0(name, ".", cut); from <- max(1, n - 143) # as long as the longest of M3
  train[[id]] <- data.frame(id = id, t = seq_len(n - from + 1), value = y[from:n])
  test[[id]] <- data.frame(id = id, h = 1:12, value = y[n + 1:12])
}
write.csv(do.call(rbind, train), arg[1], row.names = FALSE, quote = FALSE)
write.csv(do.call(rbind, train), arg[2], row.names = FALSE, quote = FALSE)
write.csv(do.call(rbind, test), arg[3], row.names = FALSE, quote = FALSE)

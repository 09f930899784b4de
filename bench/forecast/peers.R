# R's forecast package on a long CSV (id,t,value): what `outlay forecast --series` is held against.
#   Rscript peers.R TRAIN.csv H PERIOD OUT.csv METHODS [EVERY]
# METHODS: comma list of ets, arima, theta; EVERY: only each EVERY-th series. OUT: id,method,h,point,
# lo80,hi80,lo95,hi95. Seconds per series and method go to stdout.
suppressMessages(library(forecast))
arg <- commandArgs(TRUE)
d <- read.csv(arg[1], colClasses = c("character", "integer", "numeric"))
h <- as.integer(arg[2]); period <- as.integer(arg[3]); methods <- strsplit(arg[5], ",")[[1]]
every <- if (length(arg) > 5) as.integer(arg[6]) else 1
ids <- unique(d$id)
ids <- ids[seq(1, length(ids), by = every)]
series <- split(d$value, d$id)
fit <- list(
  ets = function(y) forecast(ets(y), h = h, level = c(80, 95)),
  arima = function(y) forecast(auto.arima(y), h = h, level = c(80, 95)),
  theta = function(y) thetaf(y, h = h, level = c(80, 95)))
rows <- list(); seconds <- setNames(rep(0, length(methods)), methods)
for (id in ids) {
  y <- ts(series[[id]], frequency = period)
  for (m in methods) {
    t0 <- proc.time()
    f <- tryCatch(fit[[m]](y), error = function(e) NULL)
    seconds[m] <- seconds[m] + sum((proc.time() - t0)[1:2])
    if (is.null(f)) next
    rows[[length(rows) + 1]] <- data.frame(id = id, method = m, h = seq_len(h), point = as.numeric(f$mean),
      lo80 = as.numeric(f$lower[, 1]), hi80 = as.numeric(f$upper[, 1]),
      lo95 = as.numeric(f$lower[, 2]), hi95 = as.numeric(f$upper[, 2]))
  }
}
write.csv(do.call(rbind, rows), arg[4], row.names = FALSE, quote = FALSE)
for (m in methods) cat(sprintf("%s,%d,%.6f\n", m, length(ids), seconds[m] / length(ids)))

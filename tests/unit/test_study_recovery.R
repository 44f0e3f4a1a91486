# Prints the numbers that test_study_recovery.c expects. Debian: r-cran-survival (3.5-3), r-cran-proc (1.18.0).
#   Rscript tests/unit/test_study_recovery.R
suppressMessages({library(survival); library(pROC)})
options(digits = 15)

# Freireich et al. 1963, Blood 21:699: weeks to relapse of leukaemia, 21 pairs (as in Kalbfleisch & Prentice 1980).
time <- c(1, 22, 3, 12, 8, 17, 2, 11, 8, 12, 2, 5, 4, 15, 8, 23, 5, 11, 4, 1, 8,
          10, 7, 32, 23, 22, 6, 16, 34, 32, 25, 11, 20, 19, 6, 17, 35, 6, 13, 9, 6, 10)
event <- c(rep(1, 21), 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0)
group <- rep(0:1, each = 21)
pair <- rep(1:21, 2)
third <- group + (pair %% 3 == 0)
for (g in 0:1) {
  curve <- survfit(Surv(time, event) ~ 1, subset = group == g, conf.type = "log-log")
  print(data.frame(curve$time, curve$n.risk, curve$n.event, curve$surv, curve$lower, curve$upper))
  print(summary(curve)$table)
}
half <- survfit(Surv(c(1, 2, 3, 4), c(1, 1, 1, 1)) ~ 1, conf.type = "log-log")  # exactly 0.5 between 2 and 3
print(summary(half)$table)
for (test in list(survdiff(Surv(time, event) ~ group), survdiff(Surv(time, event) ~ group + strata(pair)),
                  survdiff(Surv(time, event) ~ third))) {
  print(test$chisq); print(test$exp)
}

# Draper & Smith's Hald cement data: heat on the four compounds.
scaled <- as.data.frame(scale(data.frame(
  y = c(78.5, 74.3, 104.3, 87.6, 95.9, 109.2, 102.7, 72.5, 93.1, 115.9, 83.8, 113.3, 109.4),
  a = c(7, 1, 11, 11, 7, 11, 3, 1, 2, 21, 1, 11, 10), b = c(26, 29, 56, 31, 52, 55, 71, 31, 54, 47, 40, 66, 68),
  c = c(6, 15, 8, 8, 6, 9, 17, 22, 18, 4, 23, 9, 8))))
fit <- lm(y ~ a + b + c, scaled)
print(coef(fit)); print(confint(fit)); print(summary(fit)$coefficients[, 4]); print(summary(fit)$r.squared)

# Ties between the classes.
value <- c(1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 7, 8)
met <- c(0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1)
curve <- roc(met, value, direction = "<", quiet = TRUE)
print(ci.auc(curve, method = "delong"))
print(cbind(curve$sensitivities, 1 - curve$specificities))

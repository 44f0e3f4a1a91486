# Prints the numbers that test_study_psychometric.c expects. R (4.2.2).
#   Rscript tests/unit/test_study_psychometric.R
options(digits = 15)

# Dalal, Fowlkes & Hoadley 1989, J Am Stat Assoc 84:945: temperature (F) at 23 launches, and whether an O-ring was damaged.
temperature <- c(66, 70, 69, 68, 67, 72, 73, 70, 57, 63, 70, 78, 67, 53, 67, 75, 70, 81, 76, 79, 75, 76, 58)
damaged <- c(0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1)
show <- function(x, y) {
  fit <- glm(y ~ x, family = binomial, control = glm.control(epsilon = 1e-14))
  v <- vcov(fit)
  b <- unname(coef(fit))
  even <- -b[1] / b[2]
  gradient <- c(-1 / b[2], b[1] / b[2]^2)
  half <- qnorm(0.975) * sqrt(c(v[2, 2], gradient %*% v %*% gradient))
  shares <- glm(y ~ factor(x), family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
  print(c(intercept = b[1], slope = b[2], even = even))
  print(rbind(slope = b[2] + c(-1, 1) * half[1], even = even + c(-1, 1) * half[2]))
  print(c(deviance = deviance(fit) - deviance(shares)))
  at <- predict(fit, data.frame(x = 60), se.fit = TRUE)
  print(plogis(at$fit + c(-1, 0, 1) * qnorm(0.975) * at$se.fit))
}
show(temperature, damaged)

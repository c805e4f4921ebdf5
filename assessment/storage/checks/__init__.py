"""Where it is kept: the questionnaire, its answers, their score and results."""

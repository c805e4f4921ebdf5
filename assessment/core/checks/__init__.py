"""Pure rules: the questionnaire, its answers, their score and results."""

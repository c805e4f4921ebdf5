"""Documents and files: the questionnaire, its answers, their score and results."""

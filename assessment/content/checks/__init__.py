"""Reading and writing: the questionnaire, its answers, their score and results."""

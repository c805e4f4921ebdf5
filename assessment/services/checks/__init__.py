"""What people do: the questionnaire, its answers, their score and results."""

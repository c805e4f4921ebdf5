"""The pure core: questionnaires, answers, scores, plans. It knows no framework, database, file or clock."""

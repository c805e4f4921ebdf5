"""From core objects to paper: what a report shows, its HTML, and the PDF, which a limited child process makes."""

"""Records judged by what rules can tell apart: knows no family, only what is declared."""

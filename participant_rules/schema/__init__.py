"""What is declared once: the members of entities, what they may hold, and what they compare by."""

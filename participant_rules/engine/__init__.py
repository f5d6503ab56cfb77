"""Records judged by kind: rules are asked once for each sort of record that they can tell apart."""

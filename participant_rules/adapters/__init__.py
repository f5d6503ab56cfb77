"""Adapters of the ports to well-known libraries; each needs the extra that its docstring names."""

"""The five canonical tables, a module each."""

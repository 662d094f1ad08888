"""Vocabulary: one file per noun, with its views, filters and endpoints."""

"""QTI 3: questions out, for other item banks and test players, and in, for authors."""

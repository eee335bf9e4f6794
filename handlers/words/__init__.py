"""Data → Chinese sentences, one file a feature. Each says what happened, what it means, what can be done next."""

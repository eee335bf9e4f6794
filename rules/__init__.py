"""The rules of the assessment: plain values in, plain values out; no I/O and no clock."""

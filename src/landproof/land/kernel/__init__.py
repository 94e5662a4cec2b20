"""The compiled inner loops of the overlay: well-known binary in, square centimetres per class out.

Everything here is plain IEEE arithmetic in a fixed order, compiled without fast-math, so that every machine
gets the same bits. Nothing allocates per plot and nothing holds the interpreter's lock.
"""

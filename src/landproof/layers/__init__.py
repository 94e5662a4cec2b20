"""Raster layers, and plots laid over them."""
